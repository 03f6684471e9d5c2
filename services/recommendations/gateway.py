"""Watches market data's closed bars: all that are stored at the start, each new one as it comes."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import msgspec

from services.contracts.envelope import Envelope
from services.contracts.events.market_data import BarClosed
from services.contracts.instruments import ListedInstrument
from services.contracts.market import Bar
from services.kernel.consumer import Handlers, Together
from services.kernel.peers import PeerUnavailable
from services.kernel.service import Service
from services.kernel.uow import UnitOfWork
from services.recommendations import handlers
from services.recommendations.domain.record import INTERVAL
from services.recommendations.domain.strategies import STRATEGIES, Name
from services.recommendations.domain.watch import Watch

RETRY = 0.5
"""Seconds until market data is asked again."""


class Analyst:
    """``run`` is a loop for life: first the stored bars, then what is new. Bars of before a restart are stored too,
    so nothing is lost with what waits here."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._watches: dict[str, Watch] = {}
        self._new: asyncio.Queue[list[Bar]] = asyncio.Queue()
        self._thread = ThreadPoolExecutor(1, "analyst")

    @property
    def consumes(self) -> Handlers:
        """What the analyst takes from the broker."""
        return {BarClosed: Together(self._take)}

    async def run(self) -> None:
        """Review what is stored, then follow what closes."""
        for instrument in await self._instruments():
            await self._review(instrument)
        while True:
            for bar in await self._new.get():
                await self._follow(bar)

    async def _take(self, uow: UnitOfWork, events: Sequence[tuple[BarClosed, Envelope]]) -> None:
        bars = [event.bar for event, _ in events if event.bar.interval == INTERVAL]
        uow.after_commit(partial(self._new.put_nowait, bars))

    async def _instruments(self) -> list[ListedInstrument]:
        while True:
            try:
                page = await self._service.peers["market_data"].json("GET", "/internal/instruments", internal=True)
                return msgspec.convert(page, list[ListedInstrument])
            except PeerUnavailable as error:
                self._service.log.info("no_instruments_yet", error=error.detail)
                await asyncio.sleep(RETRY)

    async def _review(self, instrument: ListedInstrument) -> None:
        symbol = instrument.symbol
        bars = await self._bars(symbol)
        self._watches[symbol] = watch = Watch(instrument.price_scale)
        for name in STRATEGIES:
            await self._raise(name, bars, instrument.price_scale)
        for bar in bars:
            watch.add(bar)

    async def _bars(self, symbol: str) -> list[Bar]:
        while True:
            try:
                page = await self._service.peers["market_data"].json(
                    "GET", f"/internal/bars/{symbol}", query={"interval": INTERVAL}, internal=True
                )
                return msgspec.convert(page, list[Bar])
            except PeerUnavailable as error:
                self._service.log.info("no_bars_yet", symbol=symbol, error=error.detail)
                await asyncio.sleep(RETRY)

    async def _follow(self, bar: Bar) -> None:
        watch = self._watches.get(bar.symbol)
        if watch is None:
            return
        for name in watch.add(bar):
            await self._raise(name, watch.bars, watch.price_scale)

    async def _raise(self, name: Name, bars: Sequence[Bar], price_scale: int) -> None:
        loop = asyncio.get_running_loop()
        signals = await loop.run_in_executor(self._thread, handlers.review, name, bars, price_scale)
        if signals:
            await self._service.database.transact(handlers.raise_signals, signals)
