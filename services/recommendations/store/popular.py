"""Tallies of a day, and who was counted in them."""

from collections.abc import Collection, Sequence

from msgspec.structs import asdict
from sqlalchemy import bindparam, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.inserts import mark
from services.kernel.uow import UnitOfWork
from services.recommendations.domain.popular import Key, Standing, Tally, Trader
from services.recommendations.store.tables import popular, traders

COLUMNS = [popular.c[name] for name in Tally.__struct_fields__]
SOME = (
    select(*COLUMNS)
    .where(tuple_(popular.c.day, popular.c.symbol).in_(bindparam("keys", expanding=True)))
    .order_by(popular.c.day, popular.c.symbol)
    .with_for_update()
)
TRADER = (traders.c.day, traders.c.symbol, traders.c.account_id)
KNOWN = (
    select(*TRADER, traders.c.fills)
    .where(tuple_(*TRADER).in_(bindparam("some", expanding=True)))
    .order_by(*TRADER)
    .with_for_update()
)
LAST_DAY = select(func.max(traders.c.day)).where(
    traders.c.symbol == bindparam("of_symbol"),
    traders.c.account_id == bindparam("of_account"),
    traders.c.day <= bindparam("until"),
)
OF_DAY = select(*COLUMNS).where(popular.c.day == bindparam("of_day"))


async def locked(uow: UnitOfWork, keys: Collection[Key]) -> dict[Key, Tally]:
    """The tallies that are there; nobody else changes them until this transaction ends."""
    rows = await uow.execute(SOME, {"keys": sorted(keys)})
    return {tally.key: tally for tally in (Tally(*row) for row in rows)}


async def standing(uow: UnitOfWork, some: Collection[Trader]) -> dict[Trader, int | None]:
    """How many fills of these stand; who was never among the day's traders is not there."""
    rows = await uow.execute(KNOWN, {"some": sorted(some)})
    return {(row.day, row.symbol, row.account_id): row.fills for row in rows}


async def last_day(uow: UnitOfWork, symbol: str, account_id: str, until: int) -> int:
    """The last day up to then on which the account traded it; that one where there is none."""
    asked = {"of_symbol": symbol, "of_account": account_id, "until": until}
    found: int | None = (await uow.execute(LAST_DAY, asked)).scalar()
    return until if found is None else found


async def keep_traders(uow: UnitOfWork, stands: Standing, known: Collection[Trader]) -> None:
    """Write how many fills of traders stand, of those that were known and those that are new."""
    names = [*(column.name for column in TRADER), "fills"]
    rows = {trader: dict(zip(names, (*trader, stands[trader]), strict=True)) for trader in sorted(stands)}
    new = [row for trader, row in rows.items() if trader not in known]
    await mark(uow, traders, [row for trader, row in rows.items() if trader in known], new)


async def keep(uow: UnitOfWork, tallies: Sequence[Tally], known: Collection[Key]) -> None:
    """Write tallies, those that were known and those that are new."""
    old = [asdict(tally) for tally in tallies if tally.key in known]
    await mark(uow, popular, old, [asdict(tally) for tally in tallies if tally.key not in known])


async def of_day(connection: AsyncConnection, day: int) -> list[Tally]:
    """What was traded on a day, a row a symbol."""
    return [Tally(*row) for row in await connection.execute(OF_DAY, {"of_day": day})]
