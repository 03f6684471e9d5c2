"""Market time in the hands of its owner: runs, stands, or is moved by a feed that goes as fast as it can."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Literal

from services.contracts.clock import ClockState
from services.runtime.clock import MarketClock

FASTEST = 1_000_000.0
"""Times real time; beyond it there is ``driven``."""

Mode = Literal["running", "paused", "driven"]


class MasterClock(MarketClock):
    """Stands until the venue has told where market time is."""

    def __init__(self, moment: int) -> None:
        super().__init__(ClockState(market=moment, anchor=time.monotonic_ns(), mode="paused"))
        self.changed = asyncio.Event()
        """Set at each change by hand."""
        self.started = False
        self.touch = False
        """Whether it stands, on its way to a moment, already where an order of a user's is touched."""
        self._told = asyncio.Event()
        """Set at each change, whoever made it."""

    def _become(self, state: ClockState) -> None:
        super()._become(state)
        self._told.set()
        self._told.clear()

    async def states(self) -> AsyncIterator[ClockState]:
        """The state in force once time has begun, and then each other one; of many in a row only the last."""
        told: ClockState | None = None
        while True:
            while not self.started or self._state is told:
                await self._told.wait()
            told = self._state
            yield told

    def start(self, moment: int, speed: float, mode: Mode, until: int | None = None, *, touch: bool = False) -> None:
        """Go on where the market is."""
        self.started, self.touch = True, touch
        self.state = ClockState(market=moment, anchor=time.monotonic_ns(), speed=speed, mode=mode, until=until)
        self.changed.set()

    def change(self, speed: float, mode: Mode, until: int | None = None, *, touch: bool = False) -> None:
        """Another speed or mode from now on; ``until`` a moment, at which it stands."""
        self.start(self.now(), speed, mode, until, touch=touch)
