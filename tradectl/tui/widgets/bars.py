"""Bars of a chart, and what time their axis shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

MINUTE = 60_000_000
DAY = 1440 * MINUTE


@dataclass(frozen=True, slots=True)
class Bar:
    """One candle; ``start`` in microseconds UTC, prices and volume as floats, for they are only drawn."""

    start: int
    open: float
    high: float
    low: float
    close: float
    volume: float

    @property
    def rises(self) -> bool:
        """Whether it closed no lower than it opened."""
        return self.close >= self.open


def moment(start: int) -> datetime:
    """The time, in UTC."""
    return datetime.fromtimestamp(start / 1_000_000, UTC)


def labels(bars: Sequence[Bar], pitch: int, room: int = 9) -> list[tuple[int, str]]:
    """Which bars have their time written below, with it: round times, a day's first bar with its date.

    ``pitch`` is the columns of a bar, ``room`` what a label needs with the gap before the next."""
    if len(bars) < 2:
        return []
    length = min(after.start - before.start for before, after in pairwise(bars))
    step = _step(length, max(1, -(-room // pitch)))
    found: list[tuple[int, str]] = []
    free = 0
    for index, bar in enumerate(bars):
        new_day = index > 0 and bar.start // DAY != bars[index - 1].start // DAY
        if index * pitch >= free and (bar.start % step == 0 or new_day):
            found.append((index, _label(bar.start, length, new_day)))
            free = index * pitch + room
    return found


def _step(length: int, bars: int) -> int:
    """The shortest round time that at least so many bars fill."""
    rounds = [MINUTE * minutes for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720)]
    return next((each for each in rounds if each >= length * bars), DAY * max(1, length * bars // DAY))


def _label(start: int, length: int, new_day: bool) -> str:
    if new_day or length >= DAY:
        return f"{moment(start):%m-%d}"
    return f"{moment(start):%H:%M}"
