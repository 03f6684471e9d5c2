"""What comes from the provider, applied, passed on and kept; how it comes is the stream's business."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress

from services.contracts.clock import SECOND
from services.contracts.market import BookSnapshot, MarketMessage
from services.contracts.metrics import market_data as declared
from services.kernel.lease import Lease
from services.kernel.lost import is_lost
from services.kernel.service import Service
from services.market_data import handlers
from services.market_data.domain.symbol import GapError, Symbol
from services.market_data.gateway.outlet import Outlet
from services.market_data.gateway.provider import Provider

PAGE = 5_000
KEEP_EVERY = 1.0
"""Seconds between two transactions that store closed bars and progress."""
AT_REST = 0.02
"""Seconds after a change until it is stored while market time stands: whoever holds it waits for that."""
CANDLES_EVERY = 0.1
"""Seconds between two tellings of the forming candles."""


class Feed:
    """All symbols; ``keep`` and ``tell_candles`` are loops for life. Only who leads stores, tells and passes on."""

    def __init__(self, service: Service, provider: Provider, symbols: Mapping[str, Symbol]) -> None:
        self.symbols = symbols
        self.heard = 0.0
        """When the provider last said anything (monotonic seconds)."""
        self.connected = False
        """Whether the provider's stream is there."""
        self.connects = service.metrics.counter(declared.RECONNECTS)
        self._gaps = service.metrics.counter(declared.GAPS)
        self._taken = service.metrics.counter(declared.MESSAGES)
        self._lag = service.metrics.histogram(declared.FEED_LAG)
        self._bars = service.metrics.counter(declared.BARS)
        self._measure(service)
        self.lease = Lease(service.database, "feed", service.log)
        self._leading = False
        self._service = service
        self._provider = provider
        self._outlet = Outlet(service.cache)
        self._telling = asyncio.Lock()
        self._changed = asyncio.Event()
        self._told_stale = False
        self._was_away = False
        """Whether a session may have begun while nobody listened."""

    @property
    def leads(self) -> bool:
        """Whether the market is passed on from here."""
        return self._leading and self.lease.held

    async def take_over(self) -> None:
        """Tell how the market differs from what was told of it, and lead from here on."""
        symbols = list(self.symbols.values())
        told = [len(symbol.news) for symbol in symbols]
        await self._service.database.transact(handlers.take_over, symbols, self.lease.fence)
        for symbol, news in zip(symbols, told, strict=True):
            del symbol.news[:news]
            symbol.dirty = True
        self._leading = True
        await self._outlet.tell_whole([symbol for symbol in symbols if symbol.time], stale=self.stale())

    def fall_silent(self) -> None:
        """Another process leads, or will."""
        self._leading = False

    def stale(self) -> bool:
        """Whether the provider has been silent for too long."""
        return time.monotonic() - self.heard > self._service.settings.market_data.stale_after

    async def check(self) -> str | None:
        """For /ready: what is missing."""
        waiting = [name for name, symbol in self.symbols.items() if not symbol.synchronised]
        if waiting:
            return f"no book of {', '.join(sorted(waiting))} yet"
        if not (self.leads or self.lease.elsewhere):
            return "no process passes the market on"
        return "the provider is silent" if self.stale() else None

    async def take(self, messages: Sequence[MarketMessage]) -> list[str]:
        """Follow a batch of messages and pass it on; the symbols that need a snapshot."""
        self.heard = time.monotonic()
        leads, missing = self.leads, list[str]()
        if messages:
            self._changed.set()
            self._taken.inc(by=len(messages))
            self._lag.observe(max(0, self._service.clock.now() - messages[-1].time) / SECOND)
        for message in messages:
            symbol = self.symbols.get(message.symbol)
            if symbol is None:
                continue
            if isinstance(message, BookSnapshot):
                await self._catch_up(symbol, message)
                symbol.reset(message)
            elif symbol.synchronised:
                try:
                    symbol.apply(message)
                except GapError:
                    self._gaps.inc(message.symbol)
                    missing.append(message.symbol)
                    continue
            else:
                continue  # its snapshot is on the way
            if leads:
                self._outlet.add(message, symbol)
        if leads:
            await self._outlet.flush(stale=False)
            await self._tell_news()
        return missing

    def _measure(self, service: Service) -> None:
        service.metrics.gauge(declared.CONNECTED).read(lambda: self.connected)
        service.metrics.gauge(declared.AGE).read(lambda: time.monotonic() - self.heard if self.heard else 0)
        service.metrics.gauge(declared.STALE).read(self._distrusted)

    def _distrusted(self) -> int:
        if self.stale():
            return len(self.symbols)
        return sum(not symbol.synchronised for symbol in self.symbols.values())

    def lose(self) -> None:
        """The stream is gone: nothing follows what is known, but a snapshot."""
        for symbol in self.symbols.values():
            symbol.synchronised = False
        self._was_away, self.connected = True, False

    async def refer(self) -> None:
        """Ask what the bands stand around now, if that may have been missed."""
        if not self._was_away:
            return
        for name, price in (await self._provider.references()).items():
            if name in self.symbols:
                self.symbols[name].refer(price, self._service.clock.now())
        self._was_away = False

    async def keep(self) -> None:
        """Once a second of wall time store what changed, tell when the provider has fallen silent, keep the quotes."""
        while True:
            await self._rest()
            try:
                if self.leads:
                    await self._tell_news()
                    await self.store()
                    await self.tell_silence()
                    await self._outlet.remind(self.symbols, stale=self.stale())
                else:
                    await self.forget()
                await self.refer()
            except Exception as error:
                if not is_lost(error):
                    raise
                self._service.log.warning("keeping waits", error=str(error))

    async def _rest(self) -> None:
        """A second; less where market time stands and something has changed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(KEEP_EVERY):
                await self._service.clock.stand()
                await self._changed.wait()
                self._changed.clear()
                await asyncio.sleep(AT_REST)

    async def settled(self) -> dict[str, object]:
        """Symbols of which something is to be stored, what is to be told, the last message seen of each symbol."""
        symbols = self.symbols.items() if self.leads else ()
        return {
            "unkept": sum(symbol.dirty for _, symbol in symbols),
            "untold": sum(len(symbol.news) for _, symbol in symbols),
            "seqs": {name: symbol.seq for name, symbol in symbols},
        }

    async def store(self) -> None:
        """Store what changed since the last time."""
        changed = [symbol for symbol in self.symbols.values() if symbol.dirty]
        if not changed:
            return
        bars = Counter(bar.interval for symbol in changed for bar in symbol.closed)
        try:
            await self._service.database.transact(handlers.keep, changed, self.lease.fence)
        except BaseException:
            for symbol in changed:
                symbol.dirty = True
            raise
        for interval, count in bars.items():
            self._bars.inc(interval, by=count)

    async def forget(self) -> None:
        """What the leader has stored and told."""
        closed = [bar for symbol in self.symbols.values() for bar in symbol.closed]
        unstored = await handlers.unstored(self._service.database, closed) if closed else []
        stored = {(bar.symbol, bar.interval, bar.start) for bar in closed}
        stored -= {(bar.symbol, bar.interval, bar.start) for bar in unstored}
        for symbol in self.symbols.values():
            symbol.news.clear()
            symbol.closed = [bar for bar in symbol.closed if (bar.symbol, bar.interval, bar.start) not in stored]

    async def tell_silence(self) -> None:
        """Pass the quotes on as stale, once, when nothing has come for too long."""
        stale = self.stale()
        if stale and not self._told_stale:
            await self._outlet.tell_stale(self.symbols.values())
        self._told_stale = stale

    async def tell_candles(self) -> None:
        """Pass on the forming candles that trades have changed, ten times a second."""
        while True:
            await asyncio.sleep(CANDLES_EVERY)
            if self.leads:
                await self._outlet.tell_candles()

    async def _catch_up(self, symbol: Symbol, snapshot: BookSnapshot) -> None:
        """Fetch the trades between the last one counted and the snapshot."""
        while symbol.trade_id < snapshot.last_trade_id:
            page = await self._provider.trades(symbol.instrument.symbol, symbol.trade_id, PAGE)
            missed = [trade for trade in page if trade.trade_id <= snapshot.last_trade_id]
            if not missed:
                return
            for trade in missed:
                symbol.trade(trade)
                if self.leads:
                    self._outlet.add(trade, symbol)

    async def _tell_news(self) -> None:
        """In their order: one at a time, and what happens meanwhile is told after it.

        A lost database keeps nobody from following the market: what is to be told waits.
        """
        transact = self._service.database.transact
        async with self._telling:
            for symbol in [each for each in self.symbols.values() if each.news]:
                told = len(symbol.news)
                try:
                    await transact(handlers.tell, symbol, symbol.news[:told], self.lease.fence)
                except Exception as error:
                    if not is_lost(error):
                        raise
                    self._service.log.warning("telling waits", symbol=symbol.instrument.symbol, error=str(error))
                    return
                del symbol.news[:told]
