"""Closed bars, the forming ones, and how far they are."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import bindparam, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.market import Bar
from services.kernel.inserts import insert_new_rows
from services.kernel.uow import UnitOfWork
from services.market_data.domain.candles import Forming, Interval
from services.market_data.store.tables import candles, progress

FormingBars = dict[Interval, Forming]
Row = dict[str, Any]
IN_RANGE = (
    select(candles)
    .where(
        candles.c.symbol == bindparam("of_symbol"),
        candles.c.interval == bindparam("of_interval"),
        candles.c.start >= bindparam("since"),
        candles.c.start < bindparam("until"),
    )
    .order_by(candles.c.start)
    .limit(bindparam("most"))
)
KEY = (candles.c.symbol, candles.c.interval, candles.c.start)
STORED = select(*KEY).where(tuple_(*KEY).in_(bindparam("bars", expanding=True)))
KEEP = (
    update(progress)
    .where(progress.c.symbol == bindparam("of_symbol"))
    .values(trade_id=bindparam("last_trade"), forming=bindparam("bars"))
)
FILLED = update(progress).where(progress.c.symbol == bindparam("of_symbol")).values(filled_from=bindparam("since"))


class Progress(NamedTuple):
    """The last trade counted, the bars that it went into, and since when history is stored."""

    trade_id: int
    forming: FormingBars
    filled_from: int | None


async def all_progress(connection: AsyncConnection) -> dict[str, Progress]:
    """How far every symbol is."""
    rows = await connection.execute(select(progress))
    return {
        row.symbol: Progress(row.trade_id, msgspec.json.decode(row.forming, type=FormingBars), row.filled_from)
        for row in rows
    }


def progress_row(symbol: str, trade_id: int, forming: Mapping[Interval, Forming]) -> Row:
    """The last trade counted together with the bars that it went into."""
    return {"of_symbol": symbol, "last_trade": trade_id, "bars": msgspec.json.encode(forming)}


async def keep_progress(uow: UnitOfWork, rows: Sequence[Row]) -> None:
    """Write how far symbols are."""
    if rows:
        await uow.later(KEEP, rows)


async def begin(uow: UnitOfWork, symbol: str) -> None:
    """A symbol of which nothing is counted yet."""
    await uow.later(insert(progress), {"symbol": symbol, "trade_id": 0, "forming": b"{}", "filled_from": None})


async def filled(uow: UnitOfWork, symbol: str, since: int) -> None:
    """History is stored since then."""
    await uow.later(FILLED, {"of_symbol": symbol, "since": since})


async def unstored(connection: AsyncConnection, bars: Sequence[Bar]) -> list[Bar]:
    """Those of these closed bars that are not there."""
    if not bars:
        return []
    keys = [(bar.symbol, bar.interval, bar.start) for bar in bars]
    stored = {tuple(row) for row in await connection.execute(STORED, {"bars": keys})}
    return [bar for bar, key in zip(bars, keys, strict=True) if key not in stored]


async def keep(uow: UnitOfWork, bars: Sequence[Bar]) -> None:
    """Write closed bars; one that is there already stays as it is."""
    await insert_new_rows(uow, candles, [msgspec.structs.astuple(bar) for bar in bars])


async def between(
    connection: AsyncConnection, symbol: str, interval: Interval, since: int, until: int, limit: int
) -> list[Bar]:
    """Closed bars that start in a range of time, oldest first."""
    wanted = {"of_symbol": symbol, "of_interval": interval, "since": since, "until": until, "most": limit}
    rows = await connection.execute(IN_RANGE, wanted)
    return [Bar(**{**row, "historical": bool(row["historical"])}) for row in rows.mappings()]
