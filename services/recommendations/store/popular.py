"""Tallies of a day, and who was counted in them."""

from collections.abc import Collection, Sequence

from msgspec.structs import asdict
from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.inserts import insert_if_new, mark
from services.kernel.uow import UnitOfWork
from services.recommendations.domain.popular import Key, Tally, Trader
from services.recommendations.store.tables import popular, traders

COLUMNS = [popular.c[name] for name in Tally.__struct_fields__]
SOME = (
    select(*COLUMNS)
    .where(tuple_(popular.c.day, popular.c.symbol).in_(bindparam("keys", expanding=True)))
    .order_by(popular.c.day, popular.c.symbol)
    .with_for_update()
)
TRADER = (traders.c.day, traders.c.symbol, traders.c.account_id)
KNOWN = select(*TRADER).where(tuple_(*TRADER).in_(bindparam("some", expanding=True)))
OF_DAY = select(*COLUMNS).where(popular.c.day == bindparam("of_day"))


async def locked(uow: UnitOfWork, keys: Collection[Key]) -> dict[Key, Tally]:
    """The tallies that are there; nobody else changes them until this transaction ends."""
    rows = await uow.execute(SOME, {"keys": sorted(keys)})
    return {tally.key: tally for tally in (Tally(*row) for row in rows)}


async def newcomers(uow: UnitOfWork, some: Collection[Trader]) -> list[Trader]:
    """Those of these who were not among the day's traders, and are from now on."""
    known = {tuple(row) for row in await uow.execute(KNOWN, {"some": sorted(some)})}
    names = [column.name for column in TRADER]
    return [
        each
        for each in sorted(some)
        if each not in known and await insert_if_new(uow, traders, dict(zip(names, each, strict=True)))
    ]


async def keep(uow: UnitOfWork, tallies: Sequence[Tally], known: Collection[Key]) -> None:
    """Write tallies, those that were known and those that are new."""
    old = [asdict(tally) for tally in tallies if tally.key in known]
    await mark(uow, popular, old, [asdict(tally) for tally in tallies if tally.key not in known])


async def of_day(connection: AsyncConnection, day: int) -> list[Tally]:
    """What was traded on a day, a row a symbol."""
    return [Tally(*row) for row in await connection.execute(OF_DAY, {"of_day": day})]
