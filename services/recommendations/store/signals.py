"""Signals, kept and listed."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.events.recommendations import SignalRaised
from services.kernel.inserts import insert_if_new
from services.kernel.uow import UnitOfWork
from services.recommendations.store.tables import signals


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


async def since(connection: AsyncConnection, moment: int, symbols: Sequence[str]) -> list[RowMapping]:
    """Signals of some symbols on bars that started then or later; none, and no query, for no symbol."""
    if not symbols:
        return []
    query = select(signals).where(signals.c.bar_start >= moment, signals.c.symbol.in_(symbols))
    return list((await connection.execute(query)).mappings())


def signal_of(row: Any) -> SignalRaised:
    """The signal as it was raised."""
    return msgspec.json.decode(row["document"], type=SignalRaised)
