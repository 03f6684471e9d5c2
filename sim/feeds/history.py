"""The thirty days of one-minute bars behind the start: a function of seed, symbol and day, made when asked for."""

from functools import lru_cache
from random import Random
from typing import Protocol

from services.contracts.clock import DAY, MINUTE
from services.contracts.instruments import Instrument
from services.contracts.market import Bar
from sim.feeds.days import Days
from sim.feeds.path import DayBar, minute_bars

BEHIND = 30 * DAY


class Timetable(Protocol):
    """When an instrument trades."""

    opens: int
    closes: int

    def trades_on(self, day: int) -> bool: ...


class History:
    """``origin`` is the moment at which the market starts. Real days go on behind it, drawn ones end there."""

    def __init__(self, instrument: Instrument, timetable: Timetable, days: Days, *, seed: int, origin: int) -> None:
        self.instrument = instrument
        self.timetable = timetable
        self.days = days
        self.seed = seed
        self.origin = origin - origin % MINUTE
        self.today = self.origin - self.origin % DAY
        self.length = (timetable.closes - timetable.opens or DAY) // MINUTE
        self.whole_day = lru_cache(maxsize=2)(self._whole_day)

    def number(self, date: int) -> int:
        """A date's trading day counted from the day of the start."""
        step = DAY if date >= self.today else -DAY
        dates = range(self.today, date, step)
        return sum(self.timetable.trades_on(each + step) for each in dates) * (1 if step > 0 else -1)

    def _whole_day(self, date: int) -> list[Bar]:
        return self.made(date, self.days(self.number(date)), self.length)

    def made(self, date: int, day: DayBar, count: int) -> list[Bar]:
        rng = Random(f"{self.seed}/{self.instrument.symbol}/path/{date // DAY}")
        start = date + self.timetable.opens
        return minute_bars(self.instrument.symbol, start, count, day, self.instrument.tick, rng)

    def on(self, date: int) -> list[Bar]:
        """All bars of a date that lie behind the start."""
        return [bar for bar in self.whole_day(date) if bar.start < self.origin]

    def bars(self, start: int, end: int) -> list[Bar]:
        """Bars with start <= bar.start < end, oldest first."""
        start, end = max(start, self.origin - BEHIND), min(end, self.origin)
        dates = range(start - start % DAY, end, DAY)
        traded = (self.on(date) for date in dates if self.timetable.trades_on(date))
        return [bar for bars in traded for bar in bars if start <= bar.start < end]

    @property
    def reference(self) -> int:
        """The close before the day of the start."""
        return self.days(-1).close

    @property
    def price(self) -> int:
        """Where the market starts."""
        bars = self.on(self.today) if self.timetable.trades_on(self.today) else []
        return bars[-1].close if bars else self.days(0).open


class DrawnHistory(History):
    """Ends at the price at which agents or a recording begin."""

    def _whole_day(self, date: int) -> list[Bar]:
        if date < self.today:
            return super()._whole_day(date)
        count = min((self.origin - date - self.timetable.opens) // MINUTE, self.length)
        return self.made(date, self.days(0), count) if count > 0 else []

    @property
    def price(self) -> int:
        return self.days(0).close
