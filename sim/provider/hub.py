"""Who gets what: one encoding of each batch for all who subscribed to the same symbols, one batch a loop turn."""

import asyncio
import time
from collections import deque
from collections.abc import Iterable, Sequence

import msgspec

from services.contracts.market import MarketMessage
from sim.provider.disturbing import Disturbing

MESSAGES_A_FRAME = 256
"""So that a frame stays far below the 1 MiB that clients accept, whatever the depth of the book."""
BACKLOG = 16 * 1024 * 1024
"""Bytes that may wait for one client; who is slower is dropped and comes back by a snapshot."""
PRESSURE = 1024 * 1024
"""Bytes that wait for the slowest client from which on a driven feed is held back."""

PATIENCE = 5.0
"""Seconds for which it is held back before the slowest is dropped."""

TOO_SLOW = 4408
Ending = tuple[int, str]
"""Close code and reason."""

encode = msgspec.json.Encoder().encode


class Subscriber:
    """One connection's frames, in order."""

    def __init__(self, backlog: int) -> None:
        self.symbols: frozenset[str] = frozenset()
        self.waiting = 0
        self.overrun = False
        self.offered = 0.0
        """When the frame that was taken last was offered, by the loop's clock."""
        self.ending: Ending = (TOO_SLOW, "too slow: subscribe again")
        self._backlog = backlog
        self._frames: deque[tuple[float, bytes]] = deque()
        self._wake = asyncio.Event()
        self._spoken = time.monotonic()

    def offer(self, frames: Iterable[bytes]) -> None:
        """Queue frames; past the limit everything is dropped, and the connection is to be closed."""
        if self.overrun:
            return
        now = asyncio.get_running_loop().time()
        for frame in frames:
            self._frames.append((now, frame))
            self.waiting += len(frame)
        self._wake.set()
        if self.waiting > self._backlog:
            self.drop()

    def drop(self, ending: Ending | None = None) -> None:
        """Forget what waits; the connection is to be closed."""
        self.ending = ending or self.ending
        self.overrun, self.waiting = True, 0
        self._frames.clear()
        self._wake.set()

    async def take(self, patience: float) -> bytes | None:
        """The next frame; None when there was none for so many seconds, or when there will be none."""
        if not self._frames and not self.overrun:
            self._wake.clear()
            try:
                async with asyncio.timeout(patience):
                    await self._wake.wait()
            except TimeoutError:
                return None
        if not self._frames:
            return None
        self.offered, frame = self._frames.popleft()
        return frame

    def spoke(self) -> None:
        """Something is sent now."""
        self._spoken = time.monotonic()

    @property
    def silence(self) -> float:
        """Seconds since something was sent."""
        return time.monotonic() - self._spoken

    def sent(self, frame: bytes) -> None:
        """The frame has left; until then it counts as waiting."""
        self.waiting = max(0, self.waiting - len(frame))


class Hub:
    """Collects what the venue publishes and deals it out once a loop turn."""

    def __init__(
        self,
        backlog: int = BACKLOG,
        pressure: int = PRESSURE,
        patience: float = PATIENCE,
        disturbing: Disturbing | None = None,
    ) -> None:
        self.disturbing = disturbing
        self.backlog = backlog
        self.pressure = pressure
        self.patience = patience
        self.subscribers: set[Subscriber] = set()
        self._batch: list[MarketMessage] = []
        self._scheduled = False
        self._room = asyncio.Event()
        self._room.set()

    def publish(self, messages: Sequence[MarketMessage]) -> None:
        """Take messages, in the venue's order."""
        if not self.subscribers:
            return
        self._batch.extend(messages)
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self.flush)

    def flush(self) -> None:
        """Deal out what was collected."""
        self._scheduled = False
        batch, self._batch = self._batch, []
        if self.disturbing and not self.disturbing.quiet:
            batch = self.disturbing.messages(batch)
        if not batch:
            return
        frames: dict[frozenset[str], list[bytes]] = {}
        for subscriber in self.subscribers:
            symbols = subscriber.symbols
            if symbols not in frames:
                frames[symbols] = encoded([message for message in batch if message.symbol in symbols])
            subscriber.offer(frames[symbols])
        self.settle()

    def settle(self) -> None:
        """Look again whether the slowest subscriber keeps up."""
        if max((subscriber.waiting for subscriber in self.subscribers), default=0) > self.pressure:
            self._room.clear()
        else:
            self._room.set()

    async def room(self) -> None:
        """Wait until the slowest subscriber has caught up: who publishes faster than real time asks here."""
        self.flush()
        while not self._room.is_set():
            try:
                async with asyncio.timeout(self.patience):
                    await self._room.wait()
            except TimeoutError:
                self._drop_the_slow()

    def _drop_the_slow(self) -> None:
        """One that does not read must not hold up the market."""
        for subscriber in self.subscribers:
            if subscriber.waiting > self.pressure:
                subscriber.drop()
        self.settle()


def encoded(messages: Sequence[MarketMessage], a_frame: int = MESSAGES_A_FRAME) -> list[bytes]:
    """JSON arrays, each small enough for a frame."""
    return [encode(messages[start : start + a_frame]) for start in range(0, len(messages), a_frame)]
