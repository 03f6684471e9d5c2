"""How a scenario waits: always for something, never for a while."""

import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

from services.contracts.clock import DAY
from tradectl.errors import TradectlError
from tradectl.hold.hold import Hold
from tradectl.trader.failures import Failed
from tradectl.trader.trader import patient

T = TypeVar("T")


class Pace(Protocol):
    """The one seam through which everything is waited for, so that a held clock can let time go on meanwhile."""

    def until(self, probe: Callable[[], T | None], what: str, within: float) -> T:
        """The first answer that is not None; Failed naming ``what`` after ``within`` seconds."""


class Free:
    """Market time runs by itself."""

    def until(self, probe: Callable[[], T | None], what: str, within: float) -> T:
        """As asked, again and again."""
        return patient(probe, what, within)


class Held:
    """Market time stands, and goes on only while something is waited for, no further than what meets it.

    Waits of steps that run side by side come one after the other.
    """

    def __init__(self, hold: Hold) -> None:
        self._hold = hold
        self._lock = threading.Lock()

    def until(self, probe: Callable[[], T | None], what: str, within: float) -> T:
        """As asked whenever all that market time has caused is done."""
        with self._lock:
            try:
                return self._hold.until(probe, DAY, within, what=what)
            except TradectlError as error:
                raise Failed(error.message) from error
