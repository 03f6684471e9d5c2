"""The FIX session's numbers and sent messages, written in the transaction of what they carry."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.fix.session import Exchange, SessionNumbers, StoredMessage
from services.kernel.inserts import upsert
from services.kernel.uow import UnitOfWork
from services.orders.store.tables import fix_messages, fix_sessions

NUMBERS = select(fix_sessions.c.next_out, fix_sessions.c.next_in).where(fix_sessions.c.session == bindparam("session"))
BETWEEN = (
    select(fix_messages.c.number, fix_messages.c.frame)
    .where(
        fix_messages.c.session == bindparam("session"),
        fix_messages.c.number.between(bindparam("begin"), bindparam("end")),
    )
    .order_by(fix_messages.c.number)
)
LATEST = (
    select(fix_messages).order_by(fix_messages.c.session.desc(), fix_messages.c.number.desc()).limit(bindparam("limit"))
)
KEEP = insert(fix_messages)
FORGET = delete(fix_messages).where(fix_messages.c.session == bindparam("of_session"))


async def numbers(connection: AsyncConnection, session: str) -> SessionNumbers:
    """The numbers as kept last, 1 and 1 at first."""
    row = (await connection.execute(NUMBERS, {"session": session})).one_or_none()
    return SessionNumbers(*row) if row else SessionNumbers()


async def stored(connection: AsyncConnection, session: str, begin: int, end: int) -> list[StoredMessage]:
    """The messages sent under these numbers, both ends included."""
    rows = await connection.execute(BETWEEN, {"session": session, "begin": begin, "end": end})
    return [StoredMessage(number, frame) for number, frame in rows]


async def latest(connection: AsyncConnection, limit: int) -> list[tuple[str, StoredMessage]]:
    """The last messages sent, the newest first, with their session."""
    rows = await connection.execute(LATEST, {"limit": limit})
    return [(row.session, StoredMessage(row.number, row.frame)) for row in rows]


async def keep(uow: UnitOfWork, session: str, exchange: Exchange) -> None:
    """Write the exchange's numbers and messages."""
    if exchange.reset:
        await uow.later(FORGET, {"of_session": session})
    sent: Sequence[StoredMessage] = exchange.sent
    if sent:
        await uow.later(KEEP, [{"session": session, "number": seq, "frame": frame} for seq, frame in sent])
    next_out, next_in = exchange.numbers
    row = {"session": session, "next_out": next_out, "next_in": next_in}
    await uow.later(upsert(fix_sessions, uow.connection.dialect.name), row)
