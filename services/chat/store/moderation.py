"""Mutes, reports, and the log of what moderators did."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chat.store.tables import acts, mutes, reports
from services.kernel import seals
from services.kernel.inserts import insert_if_new, upsert
from services.kernel.uow import UnitOfWork

MUTED = select(mutes).where(mutes.c.user_id == bindparam("of_user"), mutes.c.until > bindparam("now"))
REPORTED = select(reports).where(
    reports.c.message_id == bindparam("of_message"), reports.c.reporter_id == bindparam("of_user")
)
CHANGED = ("status", "closed_by", "closed")
CLOSE = (
    update(reports)
    .where(reports.c.report_id == bindparam("of_report"))
    .values({name: bindparam(f"new_{name}") for name in (*CHANGED, seals.NAME)})
)


async def muted(connection: AsyncConnection, user_id: str, now: int) -> RowMapping | None:
    """Why and until when a user must not write; none when she may."""
    return (await connection.execute(MUTED, {"of_user": user_id, "now": now})).mappings().one_or_none()


async def mute(uow: UnitOfWork, row: Mapping[str, Any]) -> None:
    """From now on a user must not write; what there was before is replaced."""
    await uow.later(upsert(mutes, uow.connection.dialect.name), row)


async def unmute(uow: UnitOfWork, user_id: str) -> bool:
    """Whether there was anything to end."""
    return (await uow.execute(delete(mutes).where(mutes.c.user_id == user_id))).rowcount == 1


async def muted_users(connection: AsyncConnection, after: str, limit: int, now: int) -> list[RowMapping]:
    """Who must not write now, one more than the limit."""
    query = select(mutes).where(mutes.c.user_id > after, mutes.c.until > now).order_by(mutes.c.user_id).limit(limit + 1)
    return list((await connection.execute(query)).mappings())


async def waiting(connection: AsyncConnection) -> tuple[int, int | None]:
    """How many reports are open, and when the oldest was made (wall time)."""
    query = select(func.count(), func.min(reports.c.reported)).where(reports.c.status == "open")
    count, oldest = (await connection.execute(query)).one()
    return count, oldest


async def how_many_are_muted(connection: AsyncConnection, now: int) -> int:
    """Users who must not write now."""
    query = select(func.count()).select_from(mutes).where(mutes.c.until > now)
    return int((await connection.execute(query)).scalar_one())


async def report(uow: UnitOfWork, row: Mapping[str, Any]) -> RowMapping:
    """A user's report of a message: this one, or the one that there is."""
    await insert_if_new(uow, reports, row)
    this = {"of_message": row["message_id"], "of_user": row["reporter_id"]}
    return (await uow.execute(REPORTED, this)).mappings().one()


async def close(uow: UnitOfWork, found: Mapping[str, Any], status: str, actor_id: str) -> dict[str, Any]:
    """A locked report is done with."""
    row = {**found, "status": status, "closed_by": actor_id, "closed": uow.wall}
    changed = {f"new_{name}": row[name] for name in CHANGED} | {"new_seal": seals.of_row(reports, row)}
    await uow.later(CLOSE, {"of_report": row["report_id"], **changed})
    return row


async def close_reports(uow: UnitOfWork, message_id: str, status: str, actor_id: str) -> None:
    """All open ones of a locked message."""
    query = select(reports).where(reports.c.message_id == message_id, reports.c.status == "open").with_for_update()
    for row in (await uow.execute(query)).mappings().all():
        await close(uow, dict(row), status, actor_id)


async def locked_report(uow: UnitOfWork, report_id: str) -> dict[str, Any] | None:
    """A report that nobody else changes until this transaction ends."""
    query = select(reports).where(reports.c.report_id == report_id).with_for_update()
    found = (await uow.execute(query)).mappings().one_or_none()
    return None if found is None else dict(found)


async def reports_in(connection: AsyncConnection, status: str, before: str | None, limit: int) -> list[RowMapping]:
    """Reports in a state, newest first, one more than the limit."""
    query = select(reports).where(reports.c.status == status).order_by(reports.c.report_id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(reports.c.report_id < before)
    return list((await connection.execute(query)).mappings())


async def log(uow: UnitOfWork, row: Mapping[str, Any]) -> None:
    """One line of the log."""
    await uow.later(insert(acts), row)


async def latest_acts(connection: AsyncConnection, before: str | None, limit: int) -> list[RowMapping]:
    """What moderators did, newest first, one more than the limit."""
    query = select(acts).order_by(acts.c.act_id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(acts.c.act_id < before)
    return list((await connection.execute(query)).mappings())
