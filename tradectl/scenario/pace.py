"""How a scenario waits: always for something, never for a while."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from tradectl.trader.trader import patient

T = TypeVar("T")
EVERY = 0.02
"""Seconds between two looks."""


class Pace(Protocol):
    """The one seam through which everything is waited for, so that a held clock can let time go on meanwhile."""

    def until(self, probe: Callable[[], T | None], what: str, within: float) -> T:
        """The first answer that is not None; Failed naming ``what`` after ``within`` seconds."""


class Free:
    """Market time runs by itself."""

    def until(self, probe: Callable[[], T | None], what: str, within: float) -> T:
        """As asked, again and again."""
        return patient(probe, what, within)
