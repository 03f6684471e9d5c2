"""Market time in the hands of its owner: runs, stands, or is moved by a feed that goes as fast as it can."""

import asyncio
import time
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

    def start(self, moment: int, speed: float, mode: Mode) -> None:
        """Go on where the market is."""
        self.started = True
        self.state = ClockState(market=moment, anchor=time.monotonic_ns(), speed=speed, mode=mode)
        self.changed.set()

    def change(self, speed: float, mode: Mode) -> None:
        """Another speed or mode from now on."""
        self.start(self.now(), speed, mode)
