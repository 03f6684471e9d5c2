"""Market time in the hands of its owner: runs, stands, or is moved by a feed that goes as fast as it can."""

import asyncio
import time

from services.contracts.clock import ClockState
from services.runtime.clock import MarketClock

FASTEST = 1_000_000.0
"""Times real time; beyond it there is ``driven``."""


class MasterClock(MarketClock):
    """Stands until the venue has told where market time is."""

    def __init__(self, moment: int) -> None:
        super().__init__(ClockState(market=moment, anchor=time.monotonic_ns(), mode="paused"))
        self.changed = asyncio.Event()
        """Set at each change by hand."""
        self.started = False

    def start(self, moment: int, speed: float, *, driven: bool = False, paused: bool = False) -> None:
        """Go on where the market is."""
        self.started = True
        self.set(moment, speed, "driven" if driven else "paused" if paused else "running")

    def run(self, speed: float) -> None:
        """Real time times a speed, from now on."""
        self.set(self.now(), speed, "running")

    def pause(self) -> None:
        self.set(self.now(), self.state.speed, "paused")

    def drive(self) -> None:
        """Let the feed move time as fast as everybody follows."""
        self.set(self.now(), self.state.speed, "driven")

    def jump(self, moment: int) -> None:
        """Forward over a time in which nothing happens, or with the feed that drives."""
        if moment > self.now():
            self.state = ClockState(
                market=moment, anchor=time.monotonic_ns(), speed=self.state.speed, mode=self.state.mode
            )

    def set(self, moment: int, speed: float, mode: str) -> None:
        state = {"market": moment, "anchor": time.monotonic_ns(), "speed": speed, "mode": mode}
        self.state = ClockState(**state)  # type: ignore[arg-type]
        self.changed.set()
