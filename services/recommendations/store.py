"""The table of signals."""

from typing import Any

import msgspec
from sqlalchemy import Column, Index, MetaData, RowMapping, Table, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.events.recommendations import SignalRaised
from services.kernel.columns import AMOUNT, ID, TIME, Document, Key
from services.kernel.inserts import insert_if_new
from services.kernel.seals import seal
from services.kernel.state import StateQuery
from services.kernel.uow import UnitOfWork

metadata = MetaData()

signals = Table(
    "signals",
    metadata,
    Column("signal_id", ID, primary_key=True),
    Column("symbol", Key(32), nullable=False),
    Column("strategy", Key(16), nullable=False),
    Column("bar_start", TIME, nullable=False),
    Column("side", Key(4), nullable=False),
    Column("strength", AMOUNT, nullable=False),
    Column("historical", AMOUNT, nullable=False),
    Column("document", Document, nullable=False),
    seal(),
    UniqueConstraint("symbol", "strategy", "bar_start", name="signals_once"),
    Index("signals_newest", "bar_start", "signal_id"),
)
STATE = {"signals": StateQuery(select(signals), (signals.c.signal_id,))}


async def add(uow: UnitOfWork, signal: SignalRaised) -> bool:
    """Keep a signal unless that strategy raised one on that bar already."""
    row = {
        "signal_id": signal.signal_id,
        "symbol": signal.symbol,
        "strategy": signal.strategy,
        "bar_start": signal.bar_start,
        "side": signal.side,
        "strength": signal.strength,
        "historical": int(signal.historical),
        "document": msgspec.json.encode(signal),
    }
    return await insert_if_new(uow, signals, row)


async def newest(
    connection: AsyncConnection, symbol: str | None, before: tuple[int, str] | None, limit: int
) -> list[RowMapping]:
    """Signals by their bar, newest first, one more than the limit."""
    query = select(signals).order_by(signals.c.bar_start.desc(), signals.c.signal_id.desc()).limit(limit + 1)
    if symbol is not None:
        query = query.where(signals.c.symbol == symbol)
    if before is not None:
        start, signal_id = before
        query = query.where(
            (signals.c.bar_start < start) | ((signals.c.bar_start == start) & (signals.c.signal_id < signal_id))
        )
    return list((await connection.execute(query)).mappings())


def signal_of(row: Any) -> SignalRaised:
    """The signal as it was raised."""
    return msgspec.json.decode(row["document"], type=SignalRaised)
