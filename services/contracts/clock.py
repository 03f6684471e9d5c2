"""Market time: real time x speed, paused, or driven by a feed that goes as fast as it can.

The simulator owns the state; whoever follows it computes the time from the machine's monotonic clock,
so two processes on one machine agree without a message a tick.
"""

from typing import Literal, Protocol

import msgspec

MICROSECOND = 1
MILLISECOND = 1_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class ClockState(msgspec.Struct, frozen=True):
    """``market`` microseconds since 1970 UTC at the instant ``anchor`` (monotonic nanoseconds).

    ``until`` is where it comes to stand, so that all who follow it stop at the same instant without a message.
    """

    market: int
    anchor: int
    speed: float = 1.0
    mode: Literal["running", "paused", "driven"] = "running"
    until: int | None = None

    def at(self, monotonic_ns: int) -> int:
        """Market time at an instant of the monotonic clock."""
        if self.mode != "running":
            return self.market
        moment = self.market + int((monotonic_ns - self.anchor) * self.speed) // 1_000
        return moment if self.until is None else max(self.market, min(moment, self.until))


class Clock(Protocol):
    """What a service sees of market time."""

    def now(self) -> int:
        """Market time in microseconds since 1970 UTC."""

    async def sleep_until(self, moment: int) -> None:
        """Return when market time has reached the moment, whatever the speed, also after a jump."""

    async def stand(self) -> None:
        """Return when market time stands; at once when it does already."""
