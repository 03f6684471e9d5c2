"""On to a moment of market time, through what lies between."""

import math
from collections.abc import Callable
from datetime import time
from typing import Any

from services.contracts.clock import DAY, SECOND
from services.contracts.times import from_duration, from_rfc3339, rfc3339
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes.clock import MarketTime, market_time
from tradectl.probes.eventually import eventually

Progress = Callable[[MarketTime], None]
EVERY = 0.005
"""Seconds between two looks whether it is there."""


def go(
    clock: str,
    moment: int,
    *,
    speed: float | None = None,
    touch: bool = False,
    timeout: float = math.inf,
    tell: Progress | None = None,
) -> MarketTime:
    """Let market time go on to a moment and stand there: as fast as all follow, or at a speed.

    With ``touch`` it stands already where something becomes of a user's order. It may stand later than asked, where
    it jumped over a night. Whatever ends the wait, an interrupt too, market time stands.
    """
    change: dict[str, Any] = {"until": rfc3339(moment), "mode": "driven", "touch": touch}
    if speed is not None:
        change |= {"mode": "running", "speed": speed}
    market_time(clock, change)

    def there() -> MarketTime | None:
        seen = market_time(clock)
        if not seen.stands and tell is not None:
            tell(seen)
        check(seen, moment, touch=touch)
        return seen if seen.stands else None

    try:
        return eventually(there, timeout, what=f"market time at {rfc3339(moment)}", every=EVERY)
    except (KeyboardInterrupt, TradectlError) as error:
        if not isinstance(error, TradectlError) or error.exit_code is ExitCode.TIMEOUT:
            market_time(clock, {"mode": "paused"})
        raise


def check(seen: MarketTime, moment: int, *, touch: bool) -> None:
    """TradectlError when somebody else has taken market time in hand meanwhile."""
    elsewhere = seen.now < moment and not touch if seen.stands else seen.until != moment
    if elsewhere:
        said = f"market time was changed at {rfc3339(seen.now)}, on its way to {rfc3339(moment)}"
        raise TradectlError(said, f"`tradectl clock seek {rfc3339(moment)}` goes on", ExitCode.CONFLICT)


def length(text: str) -> int:
    """A duration as a user types it, in microseconds."""
    try:
        return from_duration(text)
    except ValueError:
        raise TradectlError(f"{text} is no duration", "90s, 5m, 1h30m, 500ms", ExitCode.BAD_INPUT) from None


def moment_of(text: str, now: int) -> int:
    """A moment as a user types it: RFC 3339, or a time of day (UTC) on the market's present date."""
    try:
        if "T" in text:
            return from_rfc3339(text)
        clock = time.fromisoformat(text)
        if clock.tzinfo is not None or len(text) < len("15:00"):
            raise ValueError(text)
    except ValueError:
        hint = "2024-08-08T15:00:00Z, or 15:00 of the market's day"
        raise TradectlError(f"{text} is no time", hint, ExitCode.BAD_INPUT) from None
    seconds = (clock.hour * 60 + clock.minute) * 60 + clock.second
    return now - now % DAY + seconds * SECOND + clock.microsecond
