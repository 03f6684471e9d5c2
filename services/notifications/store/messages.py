"""Profiles, notifications, and their deliveries by channel."""

from collections.abc import Collection, Sequence
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from sqlalchemy import RowMapping, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.seeding import Batch, account_id, numbers
from services.kernel.inserts import insert_new_rows, upsert
from services.kernel.uow import UnitOfWork
from services.notifications.domain.preferences import Choices
from services.notifications.store import tries
from services.notifications.store.preferences import decoded
from services.notifications.store.tables import deliveries, notifications, preferences, profiles, push_subscriptions
from services.notifications.store.tries import due_now, settling

PROFILES = (
    select(profiles, preferences.c.choices, push_subscriptions.c.subscription_id, push_subscriptions.c.endpoint)
    .outerjoin(preferences, preferences.c.user_id == profiles.c.user_id)
    .outerjoin(push_subscriptions, push_subscriptions.c.user_id == profiles.c.user_id)
    .where(profiles.c.user_id.in_(bindparam("ids", expanding=True)))
)
DUE = (
    select(deliveries, notifications.c.title, notifications.c.text, notifications.c.traceparent)
    .join(notifications, notifications.c.notification_id == deliveries.c.notification_id)
    .where(
        deliveries.c.status == "pending",
        deliveries.c.urgent == bindparam("of_urgency"),
        deliveries.c.due <= bindparam("now"),
    )
    .order_by(deliveries.c.due)
    .limit(bindparam("most"))
)
DUE_NOW = due_now(deliveries)
SETTLE = settling(deliveries, deliveries.c.channel)


class Profile(NamedTuple):
    """Where, in which language and by which channels to reach a user."""

    email: str
    language: Literal["en", "ru"]
    choices: Choices = MappingProxyType({})
    subscriptions: tuple[tuple[str, str], ...] = ()
    """Those to pushes: id and endpoint."""


async def keep_profile(uow: UnitOfWork, user_id: str, email: str, language: str) -> None:
    """Keep the copy of a user's profile."""
    row = {"user_id": user_id, "email": email, "language": language}
    await uow.later(upsert(profiles, uow.connection.dialect.name), row)


async def seed(uow: UnitOfWork, batch: Batch) -> None:
    """Profiles of people who have always been there."""
    rows = [
        (account_id(batch.seed, number), each.email, each.language)
        for number, each in zip(numbers(batch), batch.people, strict=True)
    ]
    await insert_new_rows(uow, profiles, rows)


async def profiles_of(uow: UnitOfWork, user_ids: Sequence[str]) -> dict[str, Profile]:
    """Profiles by user, those that are known."""
    found: dict[str, Profile] = {}
    for row in await uow.execute(PROFILES, {"ids": list(user_ids)}):
        known = found.get(row.user_id) or Profile(row.email, row.language, decoded(row.choices))
        if row.subscription_id is not None:
            known = known._replace(subscriptions=(*known.subscriptions, (row.subscription_id, row.endpoint)))
        found[row.user_id] = known
    return found


async def add(uow: UnitOfWork, rows: list[dict[str, Any]], mails: list[dict[str, Any]]) -> None:
    """New notifications, and the mails that carry them."""
    if rows:
        await uow.later(insert(notifications), rows)
    if mails:
        await uow.later(insert(deliveries), mails)


async def due(connection: AsyncConnection, now: int, most: int) -> list[RowMapping]:
    """Deliveries to be tried now, the urgent ones first, with what they carry.

    A query each, so that both are the beginning of an index, however many wait.
    """
    found: list[RowMapping] = []
    for urgency in (1, 0):
        wanted = {"of_urgency": urgency, "now": now, "most": most - len(found)}
        found += (await connection.execute(DUE, wanted)).mappings()
        if len(found) == most:
            break
    return found


async def count_due(connection: AsyncConnection, now: int) -> int:
    """How many deliveries are to be tried now."""
    return int((await connection.execute(DUE_NOW, {"now": now})).scalar_one())


async def settle(uow: UnitOfWork, outcomes: list[dict[str, Any]]) -> None:
    """Write what became of deliveries; one that has been tried as often, or is done with, stays as it is."""
    await uow.later(SETTLE, outcomes)


async def dead(connection: AsyncConnection, before: tuple[int, str] | None, limit: int) -> list[RowMapping]:
    """Deliveries that were given up, the latest first, one more than the limit."""
    query = (
        select(deliveries)
        .where(deliveries.c.status == "dead")
        .order_by(deliveries.c.due.desc(), deliveries.c.notification_id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        due, notification_id = before
        older = (deliveries.c.due == due) & (deliveries.c.notification_id < notification_id)
        query = query.where((deliveries.c.due < due) | older)
    return list((await connection.execute(query)).mappings())


async def again(uow: UnitOfWork, notification_ids: Collection[str] | None) -> int:
    """Mails that were given up are due anew; how many."""
    return (await uow.execute(tries.again(deliveries, notification_ids, uow.wall))).rowcount


async def inbox_of(connection: AsyncConnection, user_id: str, before: str | None, limit: int) -> list[RowMapping]:
    """A user's in-app notifications, newest first, one more than the limit."""
    query = (
        select(notifications)
        .where(notifications.c.user_id == user_id, notifications.c.in_app == 1)
        .order_by(notifications.c.notification_id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(notifications.c.notification_id < before)
    return list((await connection.execute(query)).mappings())


async def unread(connection: AsyncConnection, user_id: str) -> int:
    """How many in-app notifications the user has not read."""
    query = (
        select(func.count())
        .select_from(notifications)
        .where(notifications.c.user_id == user_id, notifications.c.in_app == 1, notifications.c.read == 0)
    )
    return int((await connection.execute(query)).scalar_one())


async def mark_read(uow: UnitOfWork, user_id: str, ids: Sequence[str]) -> int:
    """Mark a user's own notifications as read; how many there were among the ids."""
    change = (
        update(notifications)
        .where(
            notifications.c.user_id == user_id,
            notifications.c.in_app == 1,
            notifications.c.notification_id.in_(ids),
        )
        .values(read=1)
    )
    return int((await uow.execute(change)).rowcount)
