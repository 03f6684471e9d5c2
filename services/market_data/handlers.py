"""What market data does: lists instruments, keeps candles, tells what changed."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial

from services.contracts.clock import MINUTE
from services.contracts.events import market_data
from services.contracts.instruments import Instrument
from services.contracts.market import Bar
from services.kernel.database import Database
from services.kernel.uow import UnitOfWork
from services.market_data.domain.candles import LENGTHS, Candles, merged
from services.market_data.domain.symbol import News, Symbol
from services.market_data.store import candles, instruments

Fence = Callable[[UnitOfWork], Awaitable[None]]
"""Lets only the process pass that leads."""
Taken = tuple[dict[str, Symbol], list[str]]


async def resumed(database: Database, offered: Sequence[tuple[Instrument, int | None]]) -> Taken:
    """The provider's instruments, each with its reference price, as they were when they were stored last: the last

    trade counted and the forming bars; and the names of those whose history is not stored.
    """
    async with database.reading() as connection:
        known = await instruments.listed(connection)
        progress = await candles.all_progress(connection)
    symbols: dict[str, Symbol] = {}
    for instrument, reference in offered:
        name = instrument.symbol
        price = known[name].reference if reference is None and name in known else reference
        counted = progress.get(name)
        forming = Candles(name, counted.forming if counted else None)
        symbols[name] = Symbol(instrument, price, forming, counted.trade_id if counted else 0)
    return symbols, [name for name in symbols if name not in progress or progress[name].filled_from is None]


async def take_over(uow: UnitOfWork, symbols: Iterable[Symbol], fence: Fence) -> None:
    """Say which instruments are new, and which are not as they were told last."""
    await fence(uow)
    known = await instruments.listed(uow.connection)
    for symbol in symbols:
        instrument, price = symbol.terms(), symbol.reference
        name = instrument.symbol
        before = known.get(name)
        if before is None:
            await candles.begin(uow, name)
            uow.emit(market_data.InstrumentListed(symbol=name, instrument=instrument))
        elif before.instrument != instrument:
            uow.emit(market_data.InstrumentChanged(symbol=name, instrument=instrument))
        if before != (instrument, price):
            await instruments.keep(uow, instrument, price)
        if price is not None and (before is None or before.reference != price):
            uow.emit(market_data.ReferencePrice(symbol=name, price=price, time=uow.now))


async def keep(uow: UnitOfWork, symbols: Iterable[Symbol], fence: Fence) -> None:
    """Store closed bars and how far each symbol is, in one transaction, and tell what happened since the last time.

    A bar that is stored already was told too: by the process that did this before.
    """
    # All of it as it is at one instant: messages go on coming while the database is written.
    closed = [bar for symbol in symbols for bar in symbol.closed]
    progress = [progress_of(symbol) for symbol in symbols]
    quotes = [symbol.quote() for symbol in symbols if symbol.synchronised]
    for symbol in symbols:
        symbol.dirty = False
        uow.after_commit(partial(symbol.stored, len(symbol.closed)))
    new = await candles.unstored(uow.connection, closed)
    for bar in new:
        uow.emit(market_data.BarClosed(symbol=bar.symbol, bar=bar))
    for quote in quotes:
        uow.emit(market_data.QuoteSnapshot(symbol=quote.symbol, quote=quote))
    await candles.keep(uow, new)
    await candles.keep_progress(uow, progress)
    await fence(uow)


async def unstored(database: Database, bars: Sequence[Bar]) -> list[Bar]:
    """Those of these closed bars that nobody has stored yet."""
    async with database.reading() as connection:
        return await candles.unstored(connection, bars)


def progress_of(symbol: Symbol) -> candles.Row:
    """The last trade counted, and the bars that it went into."""
    return candles.progress_row(symbol.instrument.symbol, symbol.trade_id, symbol.candles.forming)


async def tell(uow: UnitOfWork, symbol: Symbol, news: Sequence[News], fence: Fence) -> None:
    """Keep and tell that a session opened, closed or was halted, and what price the band stands around from now on."""
    name = symbol.instrument.symbol
    await instruments.keep(uow, symbol.terms(), symbol.reference)
    for each in news:
        if each.reference is not None:
            uow.emit(market_data.ReferencePrice(symbol=name, price=each.reference, time=each.time))
        if each.status == "halted":
            uow.emit(market_data.InstrumentHalted(symbol=name, time=each.time))
        elif each.status is not None and each.status != "pre_close":  # orders are taken then as before
            uow.emit(market_data.SessionChanged(symbol=name, status=each.status, time=each.time))
    await fence(uow)


async def begin_day(uow: UnitOfWork, symbol: Symbol, bars: Sequence[Bar]) -> None:
    """Take the first day's bars from before the market's start: what ended is stored, the rest goes on forming."""
    if not bars:
        return
    end = bars[-1].start + MINUTE
    for interval, length in LENGTHS.items():
        longer = merged(bars, interval)
        if longer[-1].start + length > end:
            symbol.candles.resume(interval, longer.pop())
        await candles.keep(uow, longer)
    symbol.dirty = True


async def keep_history(uow: UnitOfWork, bars: Sequence[Bar]) -> None:
    """Store whole days of bars from before the market's start, and the longer bars that they make."""
    for interval in LENGTHS:  # each out of the one before
        bars = merged(bars, interval)
        await candles.keep(uow, bars)


async def filled(database: Database) -> list[str]:
    """Symbols whose history is stored."""
    async with database.reading() as connection:
        progress = await candles.all_progress(connection)
    return [name for name, each in progress.items() if each.filled_from is not None]


async def complete_history(uow: UnitOfWork, symbol: str, since: int) -> None:
    """All days since then are stored."""
    await candles.filled(uow, symbol, since)
