"""How far a record of somebody else was read."""

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.inserts import upsert
from services.kernel.uow import UnitOfWork
from services.orders.store.tables import places

PLACE = select(places.c.number).where(places.c.record == bindparam("of_record"))


async def place(connection: AsyncConnection, record: str) -> int:
    """The number that was read last; 0 before any."""
    return (await connection.execute(PLACE, {"of_record": record})).scalar_one_or_none() or 0


async def keep(uow: UnitOfWork, record: str, number: int) -> None:
    """Go on behind this one."""
    await uow.later(upsert(places, uow.connection.dialect.name), {"record": record, "number": number})
