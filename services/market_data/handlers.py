"""What market data does: lists instruments, keeps candles, tells what changed."""

from collections.abc import Iterable, Sequence
from functools import partial

from services.contracts.events import market_data
from services.contracts.instruments import Instrument, Status
from services.contracts.market import Bar
from services.kernel.uow import UnitOfWork
from services.market_data.domain.candles import LENGTHS, Candles, merged
from services.market_data.domain.symbol import Symbol
from services.market_data.store import candles, instruments

Taken = tuple[dict[str, Symbol], list[str]]


async def list_instruments(uow: UnitOfWork, offered: Sequence[tuple[Instrument, int | None]]) -> Taken:
    """Take the provider's instruments with their reference prices; say which are new or changed.

    Returns each symbol as it was when the service stopped, its last trade counted and its forming bars, and the
    names of those whose history is not stored.
    """
    known = await instruments.listed(uow)
    progress = await candles.all_progress(uow)
    symbols: dict[str, Symbol] = {}
    for instrument, reference in offered:
        name = instrument.symbol
        before = known.get(name)
        price = before.reference if before and before.reference is not None else reference
        if before is None:
            await candles.begin(uow, name)
            uow.emit(market_data.InstrumentListed(symbol=name, instrument=instrument))
        elif before.instrument != instrument:
            uow.emit(market_data.InstrumentChanged(symbol=name, instrument=instrument))
        if before is None or before.instrument != instrument:
            await instruments.keep(uow, instrument, price)
        if price is not None and (before is None or before.reference is None):
            uow.emit(market_data.ReferencePrice(symbol=name, price=price, time=uow.now))
        counted = progress.get(name)
        forming = Candles(name, counted.forming if counted else None)
        symbols[name] = Symbol(instrument, price, forming, counted.trade_id if counted else 0)
    return symbols, [name for name in symbols if name not in progress or progress[name].filled_from is None]


async def keep(uow: UnitOfWork, symbols: Iterable[Symbol]) -> None:
    """Store closed bars and how far each symbol is, in one transaction, and tell what happened since the last time."""
    changed = [symbol for symbol in symbols if symbol.dirty]
    closed = [bar for symbol in changed for bar in symbol.closed]
    await candles.keep(uow, closed)
    await candles.keep_progress(
        uow, [(symbol.instrument.symbol, symbol.trade_id, symbol.candles.forming) for symbol in changed]
    )
    for bar in closed:
        uow.emit(market_data.BarClosed(symbol=bar.symbol, bar=bar))
    for symbol in changed:
        symbol.dirty = False
        if symbol.synchronised:
            uow.emit(market_data.QuoteSnapshot(symbol=symbol.instrument.symbol, quote=symbol.quote()))
        uow.after_commit(partial(symbol.stored, len(symbol.closed)))


async def turn(uow: UnitOfWork, symbol: Symbol, status: Status, time: int) -> None:
    """Tell that a session opened, closed or was halted."""
    name = symbol.instrument.symbol
    if status == "halted":
        uow.emit(market_data.InstrumentHalted(symbol=name, time=time))
    else:
        uow.emit(market_data.SessionChanged(symbol=name, status=status, time=time))


async def set_reference(uow: UnitOfWork, symbol: Symbol, price: int, time: int) -> None:
    """Keep and tell the price that the band stands around from now on."""
    await instruments.keep(uow, symbol.instrument, price)
    uow.emit(market_data.ReferencePrice(symbol=symbol.instrument.symbol, price=price, time=time))


async def begin_day(uow: UnitOfWork, symbol: Symbol, bars: Sequence[Bar], now: int) -> None:
    """Take today's bars from before the market's start: what ended is stored, the rest goes on forming."""
    for interval, length in LENGTHS.items():
        longer = merged(bars, interval)
        await candles.keep_history(uow, [bar for bar in longer if bar.start + length <= now])
        if longer and longer[-1].start + length > now:
            symbol.candles.resume(interval, longer[-1])


async def keep_history(uow: UnitOfWork, symbol: str, bars: Sequence[Bar], *, since: int, complete: bool) -> None:
    """Store whole days of bars from before the market's start, and the longer bars that they make."""
    for interval in LENGTHS:
        await candles.keep_history(uow, merged(bars, interval))
    if complete:
        await candles.filled(uow, symbol, since)
