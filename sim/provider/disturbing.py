"""The provider's faults: what is left out, doubled or made up of messages, and how frames come late or never."""

import asyncio
from collections.abc import Callable, Iterable, Iterator

import msgspec

from services.contracts.faults import UnfitError
from services.contracts.market import BookDelta, BookSnapshot, Level, MarketMessage
from services.runtime.faults import Active, Faults
from sim.provider.market import Market

KIB = 1_024
LOOK = 0.05
"""Seconds between two looks whether what holds a stream up is over."""


class Disturbing:
    """Messages on their way to all clients. What was made up ends with a gap, so that everybody begins anew."""

    def __init__(self, faults: Faults, market: Market) -> None:
        self.faults = faults
        self._market = market
        self._spiked: set[str] = set()
        """Symbols whose shifted book was told by a fault that lasts."""
        self._to_break: set[str] = set()
        """Symbols of which the next message is left out."""
        for kind in ("feed.gap", "feed.stale"):
            faults.on(kind, self._check)
        for kind in ("feed.crossed", "feed.spike"):
            faults.on(kind, self._check, self._mended)

    def _check(self, active: Active) -> None:
        if active.text("symbol") not in self._market.instruments:
            raise UnfitError(f"no symbol is called {active.text('symbol')}")

    def _mended(self, active: Active) -> None:
        self._to_break.add(active.text("symbol"))
        self._spiked.discard(active.text("symbol"))

    @property
    def quiet(self) -> bool:
        """Whether nothing is to be changed."""
        return not (self.faults.active or self._to_break)

    def messages(self, batch: list[MarketMessage]) -> list[MarketMessage]:
        """The batch as it is told."""
        told = [each for message in batch for each in self._of_feed(message)]
        if gap := self.faults.find("provider.gap"):
            told = [message for message in told if not gap.strikes()]
        if again := self.faults.find("provider.duplicate"):
            told = [each for message in told for each in ((message, message) if again.strikes() else (message,))]
        if reorder := self.faults.find("provider.reorder"):
            told = swapped(told, reorder.strikes)
        return told

    def _of_feed(self, message: MarketMessage) -> Iterator[MarketMessage]:
        symbol, find = message.symbol, self.faults.find
        if symbol in self._to_break:
            self._to_break.discard(symbol)
            return
        gap = find("feed.gap", symbol=symbol)
        if find("feed.stale", symbol=symbol) or (gap and gap.strikes()):
            return
        if isinstance(message, BookDelta):
            if spike := find("feed.spike", symbol=symbol):
                message = self._shifted(message, 1 + spike.number("percent") / 100)
            if find("feed.crossed", symbol=symbol):
                message = self._crossed(message)
        yield message

    def _shifted(self, delta: BookDelta, times: float) -> BookDelta:
        """All levels higher; the first one told takes the true book away and puts the shifted one in its place."""
        tick, book = self._market.instruments[delta.symbol].tick, self._market.snapshot(delta.symbol)

        def higher(levels: Iterable[Level]) -> list[Level]:
            return [(round(price * times / tick) * tick, quantity) for price, quantity in levels]

        if delta.symbol in self._spiked:
            return msgspec.structs.replace(delta, bids=higher(delta.bids), asks=higher(delta.asks))
        self._spiked.add(delta.symbol)
        bids, asks = gone(book.bids, delta.bids), gone(book.asks, delta.asks)
        return msgspec.structs.replace(delta, bids=bids + higher(book.bids), asks=asks + higher(book.asks))

    def _crossed(self, delta: BookDelta) -> BookDelta:
        """With a bid above the best ask."""
        book: BookSnapshot = self._market.snapshot(delta.symbol)
        if not book.asks:
            return delta
        instrument = self._market.instruments[delta.symbol]
        return msgspec.structs.replace(delta, bids=[(book.asks[0][0] + instrument.tick, instrument.lot), *delta.bids])


def gone(*sides: Iterable[Level]) -> list[Level]:
    """These levels, empty."""
    return [(price, 0) for price in dict.fromkeys(price for side in sides for price, _ in side)]


def swapped(messages: list[MarketMessage], strikes: Callable[[], bool]) -> list[MarketMessage]:
    """Some messages after the ones that follow them."""
    told, at = list(messages), 0
    while at + 1 < len(told):
        if strikes():
            told[at], told[at + 1] = told[at + 1], told[at]
            at += 1
        at += 1
    return told


async def passed(faults: Faults, frame: bytes, offered: float) -> bool:
    """Hold a frame up for as long as is told; whether it is sent at all. ``offered`` is on the loop's clock."""
    while faults.find("provider.half_open"):  # noqa: ASYNC110 (it ends by a clock)
        await asyncio.sleep(LOOK)
    if faults.find("provider.stale"):
        return False
    if (drop := faults.find("provider.drop")) and drop.strikes():
        return False
    if late := faults.find("provider.latency"):
        await asyncio.sleep(max(0.0, offered + late.seconds - asyncio.get_running_loop().time()))
    if slow := faults.find("provider.slow"):
        await asyncio.sleep(min(len(frame) / (slow.number("rate") * KIB), max(slow.left, 0.0)))
    return True
