"""Watches market data's closed bars: all that are stored at the start, each new one as it comes."""

import asyncio
import time
from collections.abc import Sequence
from functools import partial

from services.contracts.envelope import Envelope
from services.contracts.errors import DomainError
from services.contracts.events.market_data import BarClosed
from services.contracts.events.recommendations import SignalRaised
from services.contracts.instruments import ListedInstrument
from services.contracts.metrics import recommendations as declared
from services.kernel.consumer import Handlers, Together
from services.kernel.copies import asked
from services.kernel.lost import is_lost
from services.kernel.service import Service
from services.kernel.uow import UnitOfWork
from services.recommendations import handlers
from services.recommendations.domain.record import INTERVAL, Close
from services.recommendations.domain.strategies import STRATEGIES
from services.recommendations.domain.watch import Watch
from services.recommendations.handlers.bars import stored

RETRY = 0.5
"""Seconds until market data is asked again."""
AWAY = {503, 504}
"""Market data has no bars yet, or was gone before it had answered."""
STEP, PAUSE = 100, 0.01
"""Bars reviewed at once, which takes 3 ms, and the seconds of a pause for others."""


class Analyst:
    """``run`` is a loop for life: first the stored bars, then what is new.

    A closed bar's event only says that there is one to be fetched: of two processes each is told of some bars, and both
    see all of them. What both see is kept once, and nothing is lost with what waits here.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._market_data = service.peers["market_data"]
        self._watches: dict[str, Watch] = {}
        self._closing: asyncio.Queue[tuple[float, list[str]]] = asyncio.Queue()
        """Symbols, as their bars close, and when that was told."""
        self._waiting = 0
        """Closed bars that no strategy has seen yet."""
        metrics = service.metrics
        self._signals, self._analysis = metrics.counter(declared.SIGNALS), metrics.histogram(declared.ANALYSIS_TIME)
        metrics.gauge(declared.WATCHED).read(lambda: len(self._watches))
        metrics.gauge(declared.WAITING).read(lambda: self._waiting)

    @property
    def consumes(self) -> Handlers:
        """What the analyst takes from the broker."""
        return {BarClosed: Together(self._take)}

    async def run(self) -> None:
        """Review what is stored, then follow what closes."""
        await self._review_new()
        while True:
            told, symbols = await self._closing.get()
            for symbol in dict.fromkeys(symbols):
                await self._follow(symbol)
                self._analysis.observe(time.perf_counter() - told)
            self._waiting -= len(symbols)

    async def settled(self) -> dict[str, object]:
        """Closed bars that wait to be looked at."""
        return {"closing": self._waiting}

    async def _take(self, uow: UnitOfWork, events: Sequence[tuple[BarClosed, Envelope]]) -> None:
        symbols = [event.symbol for event, _ in events if event.bar.interval == INTERVAL]
        uow.after_commit(partial(self._told, symbols))

    def _told(self, symbols: list[str]) -> None:
        self._waiting += len(symbols)
        self._closing.put_nowait((time.perf_counter(), symbols))

    async def _review_new(self) -> None:
        """Every instrument that is not watched yet."""
        for instrument in await asked(self._service, "market_data", "/internal/instruments", list[ListedInstrument]):
            if instrument.symbol not in self._watches:
                await self._review(instrument)

    async def _review(self, instrument: ListedInstrument) -> None:
        """Bar by bar with pauses, in the event loop: beside a thread that computes, every statement of SQLite would

        wait its 5 ms for the interpreter's lock.
        """
        symbol = instrument.symbol
        watch = Watch(symbol, instrument.price_scale)
        for number, bar in enumerate(await self._bars(symbol)):
            watch.add(bar)
            if not number % STEP:
                await asyncio.sleep(PAUSE)
        self._watches[symbol] = watch
        await self._raise([signal for name in STRATEGIES for signal in handlers.review(watch, name)])

    async def _bars(self, symbol: str, after: int = -1) -> list[Close]:
        while True:
            try:
                return await stored(self._market_data, symbol, Close, after + 1)
            except DomainError as error:
                if error.status not in AWAY:
                    raise
                self._service.log.debug("no_bars_yet", symbol=symbol, error=error.detail)
                await asyncio.sleep(RETRY)

    async def _follow(self, symbol: str) -> None:
        """Every bar that is stored and was not seen yet."""
        watch = self._watches.get(symbol)
        if watch is None:
            await self._review_new()
            return
        for bar in await self._bars(symbol, watch.last):
            await self._raise([handlers.latest(watch, name) for name in watch.add(bar)])

    async def _raise(self, signals: Sequence[SignalRaised]) -> None:
        while signals:
            try:
                for signal in await self._service.database.transact(handlers.raise_signals, signals):
                    self._signals.inc(signal.strategy, signal.side)
                return
            except Exception as error:
                if not is_lost(error):
                    raise
                self._service.log.warning("signals wait", error=str(error))
                await asyncio.sleep(RETRY)
