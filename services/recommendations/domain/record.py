"""How a strategy did on stored bars: how often the price went its way within the horizon."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from services.recommendations.domain.strategies import Sighting

INTERVAL = "5m"
HORIZON = 12
"""Bars until a signal is judged: an hour."""


class Close(msgspec.Struct, frozen=True, gc=False):
    """What strategies see of a closed bar; a month of all markets is forty thousand of them."""

    start: int
    close: int
    historical: bool = False


class Candle(msgspec.Struct, frozen=True, gc=False):
    """What a backtest sees of a closed bar: what it judges by, and the price that an order is filled at."""

    start: int
    open: int
    close: int


class Past(NamedTuple):
    """A signal on stored bars and whether it was right; none while its horizon has not passed."""

    bar: Close
    sighting: Sighting
    right: bool | None


class Record(NamedTuple):
    """Signals judged and how many of them were right."""

    signals: int
    right: int

    @property
    def hit_rate(self) -> int | None:
        """Per cent; none where there is nothing to judge by."""
        return round(100 * self.right / self.signals) if self.signals else None


def judged(bars: Sequence[Close], index: int, sighting: Sighting) -> bool | None:
    """Whether the close at the horizon lies on the signal's side."""
    if index + HORIZON >= len(bars):
        return None
    change = bars[index + HORIZON].close - bars[index].close
    return change > 0 if sighting.side == "buy" else change < 0


def record_of(past: Sequence[Past]) -> Record:
    """The record of all signals whose horizon has passed."""
    known = [each.right for each in past if each.right is not None]
    return Record(len(known), sum(known))
