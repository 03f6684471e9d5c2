"""Subscriptions to Web Push, the key that we push with, and what is pushed to whom."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.inserts import insert_if_new, new_only, upsert
from services.kernel.uow import UnitOfWork
from services.notifications.store import tries
from services.notifications.store.tables import (
    notifications,
    push_deliveries,
    push_keys,
    push_quotas,
    push_subscriptions,
)
from services.notifications.store.tries import due_now, settling

KEY = select(push_keys.c.private_key).where(push_keys.c.name == bindparam("of_name"))
OWN = (
    push_subscriptions.c.subscription_id == bindparam("of_subscription"),
    push_subscriptions.c.user_id == bindparam("of_user"),
)
OWNER = select(push_subscriptions.c.user_id).where(push_subscriptions.c.subscription_id == bindparam("of_subscription"))
REMOVE = delete(push_subscriptions).where(*OWN)
OF_ENDPOINT = select(push_subscriptions).where(
    push_subscriptions.c.user_id == bindparam("of_user"), push_subscriptions.c.endpoint == bindparam("of_endpoint")
)
MORE = (
    update(push_quotas)
    .where(push_quotas.c.user_id == bindparam("of_user"), push_quotas.c.subscriptions < bindparam("most"))
    .values(subscriptions=push_quotas.c.subscriptions + 1)
)
FEWER = (
    update(push_quotas)
    .where(push_quotas.c.user_id == bindparam("of_user"))
    .values(subscriptions=push_quotas.c.subscriptions - 1)
)
DUE = (
    select(
        push_deliveries.c.notification_id,
        push_deliveries.c.subscription_id.label("channel"),
        push_deliveries.c.endpoint,
        push_deliveries.c.attempts,
        push_deliveries.c.due,
        notifications.c.kind,
        notifications.c.title,
        notifications.c.text,
        notifications.c.created,
        notifications.c.traceparent,
        push_subscriptions.c.p256dh,
        push_subscriptions.c.auth,
    )
    .join(notifications, notifications.c.notification_id == push_deliveries.c.notification_id)
    .outerjoin(push_subscriptions, push_subscriptions.c.subscription_id == push_deliveries.c.subscription_id)
    .where(push_deliveries.c.status == "pending", push_deliveries.c.due <= bindparam("now"))
    .order_by(push_deliveries.c.due)
    .limit(bindparam("most"))
)
DUE_NOW = due_now(push_deliveries)
SETTLE = settling(push_deliveries, push_deliveries.c.subscription_id)
NOBODY = (
    update(push_deliveries)
    .where(push_deliveries.c.subscription_id == bindparam("of_subscription"), push_deliveries.c.status == "pending")
    .values(status="gone")
)


async def key(connection: AsyncConnection, name: str) -> str | None:
    """A private key of ours."""
    return (await connection.execute(KEY, {"of_name": name})).scalar_one_or_none()


async def add_key(uow: UnitOfWork, name: str, private_key: str) -> None:
    """Keep a new key, unless there is one of this name."""
    await insert_if_new(uow, push_keys, {"name": name, "private_key": private_key, "created": uow.wall})


async def add(uow: UnitOfWork, row: dict[str, Any]) -> bool:
    """A new subscription; whether its user had none to this endpoint."""
    return await insert_if_new(uow, push_subscriptions, row)


async def of_endpoint(uow: UnitOfWork, user_id: str, endpoint: str) -> RowMapping:
    """The user's subscription to an endpoint."""
    return (await uow.execute(OF_ENDPOINT, {"of_user": user_id, "of_endpoint": endpoint})).mappings().one()


async def put(uow: UnitOfWork, row: dict[str, Any]) -> None:
    """A subscription in the place of the one with its id."""
    await uow.later(upsert(push_subscriptions, uow.connection.dialect.name), row)


async def count_one_more(uow: UnitOfWork, user_id: str, most: int) -> bool:
    """Whether the user may have one more, which is then counted."""
    await uow.later(new_only(push_quotas, uow.connection.dialect.name), {"user_id": user_id, "subscriptions": 0})
    return (await uow.execute(MORE, {"of_user": user_id, "most": most})).rowcount == 1


async def remove(uow: UnitOfWork, user_id: str, subscription_id: str) -> bool:
    """Forget a user's own subscription, and what still waits for it; whether there was one."""
    this = {"of_subscription": subscription_id}
    if (await uow.execute(REMOVE, this | {"of_user": user_id})).rowcount != 1:
        return False
    await uow.later(FEWER, {"of_user": user_id})
    await uow.later(NOBODY, this)
    return True


async def owner(uow: UnitOfWork, subscription_id: str) -> str | None:
    """Whose subscription it is."""
    return (await uow.execute(OWNER, {"of_subscription": subscription_id})).scalar_one_or_none()


async def subscriptions_of(
    connection: AsyncConnection, user_id: str, before: str | None, limit: int
) -> Sequence[RowMapping]:
    """A user's subscriptions, newest first, one more than the limit."""
    query = select(push_subscriptions).where(push_subscriptions.c.user_id == user_id)
    if before is not None:
        query = query.where(push_subscriptions.c.subscription_id < before)
    ordered = query.order_by(push_subscriptions.c.subscription_id.desc()).limit(limit + 1)
    return (await connection.execute(ordered)).mappings().all()


async def deliver(uow: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    """What is to be pushed."""
    if rows:
        await uow.later(insert(push_deliveries), rows)


async def due(connection: AsyncConnection, now: int, most: int) -> list[RowMapping]:
    """Pushes to be tried now, with what they carry; of a subscription that was taken back there are no keys."""
    return list((await connection.execute(DUE, {"now": now, "most": most})).mappings())


async def count_due(connection: AsyncConnection, now: int) -> int:
    """How many pushes are to be tried now."""
    return int((await connection.execute(DUE_NOW, {"now": now})).scalar_one())


async def settle(uow: UnitOfWork, outcomes: list[dict[str, Any]]) -> None:
    """Write what became of pushes; one that has been tried as often, or is done with, stays as it is."""
    await uow.later(SETTLE, outcomes)


async def again(uow: UnitOfWork, notification_ids: Collection[str] | None) -> int:
    """Pushes that were given up are due anew; how many."""
    return (await uow.execute(tries.again(push_deliveries, notification_ids, uow.wall))).rowcount


async def dead(connection: AsyncConnection, before: tuple[int, str, str] | None, limit: int) -> list[RowMapping]:
    """Pushes that were given up, the latest first, one more than the limit."""
    order = (push_deliveries.c.due, push_deliveries.c.notification_id, push_deliveries.c.subscription_id)
    query = select(push_deliveries).where(push_deliveries.c.status == "dead")
    if before is not None:
        query = query.where(tuple_(*order) < tuple_(*before))
    query = query.order_by(*(column.desc() for column in order)).limit(limit + 1)
    return list((await connection.execute(query)).mappings())
