"""Messages to the broker that wait for the session."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.uow import UnitOfWork
from services.orders.domain.changes import Dispatch
from services.orders.store.tables import dispatches

ADD = insert(dispatches)
OLDEST = (
    select(dispatches.c.id, dispatches.c.document)
    .order_by(dispatches.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
WRITTEN_BEFORE = (
    select(dispatches.c.id, dispatches.c.document)
    .where(dispatches.c.written < bindparam("moment"), dispatches.c.tried.is_(None))
    .order_by(dispatches.c.id)
    .with_for_update(skip_locked=True)
)
CHOSEN = dispatches.c.id.in_(bindparam("ids", expanding=True))
TRIED = update(dispatches).where(CHOSEN).values(tried=bindparam("moment"))
REMOVE = delete(dispatches).where(CHOSEN)
WRITTEN = select(func.min(dispatches.c.written))
COUNT = select(func.count()).select_from(dispatches)

ENCODER = msgspec.json.Encoder()
DECODER = msgspec.json.Decoder(Dispatch)
Waiting = tuple[int, Dispatch]
"""A dispatch and its row."""


async def add(uow: UnitOfWork, new: Sequence[Dispatch]) -> None:
    """Lay messages down for the gateway."""
    await uow.later(
        ADD,
        [{"order_id": each.order.order_id, "document": ENCODER.encode(each), "written": uow.wall} for each in new],
    )


async def take(uow: UnitOfWork, limit: int) -> list[Dispatch]:
    """The oldest messages, which are the taker's from now on; those that are being given up are nobody's any more."""
    rows = (await uow.execute(OLDEST, {"limit": limit})).all()
    await remove(uow, [row.id for row in rows])
    return [DECODER.decode(row.document) for row in rows]


async def try_oldest(uow: UnitOfWork, limit: int) -> list[Waiting]:
    """The oldest messages, which stay until somebody removes them; they may be on their way from now on."""
    rows = (await uow.execute(OLDEST, {"limit": limit})).all()
    if rows:
        await uow.later(TRIED, {"ids": [row.id for row in rows], "moment": uow.wall})
    return [(row.id, DECODER.decode(row.document)) for row in rows]


async def written_before(uow: UnitOfWork, moment: int) -> list[Waiting]:
    """Messages that no session took since then (wall time), nor is about to take."""
    rows = await uow.execute(WRITTEN_BEFORE, {"moment": moment})
    return [(row.id, DECODER.decode(row.document)) for row in rows]


async def remove(uow: UnitOfWork, rows: Sequence[int]) -> None:
    """Forget messages."""
    if rows:
        await uow.later(REMOVE, {"ids": list(rows)})


async def oldest(connection: AsyncConnection) -> int | None:
    """Since when the oldest message waits (wall time); none when nothing waits."""
    found: int | None = (await connection.execute(WRITTEN)).scalar_one_or_none()
    return found


async def count(connection: AsyncConnection) -> int:
    """How many messages wait."""
    return int((await connection.execute(COUNT)).scalar_one())
