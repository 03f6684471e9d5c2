"""When a market opens and closes. Shares trade from Monday to Friday, crypto always, with a day that ends at 00:00."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from services.contracts.clock import DAY, HOUR, MINUTE
from services.contracts.instruments import Instrument

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FRIDAY = 4


def day_of(moment: int) -> int:
    """00:00 UTC of the moment's date."""
    return moment - moment % DAY


def weekday(moment: int) -> int:
    return (EPOCH + timedelta(microseconds=moment)).weekday()


def minutes(text: str) -> int:
    """HH:MM as microseconds of the day."""
    hours, _, rest = text.partition(":")
    return int(hours) * HOUR + int(rest) * MINUTE


@dataclass(frozen=True, slots=True)
class Boundary:
    """``open`` and ``close`` of a session; ``day`` is the turn of a market that never closes."""

    time: int
    kind: Literal["open", "close", "day"]


class Session:
    """The timetable of one instrument."""

    def __init__(self, instrument: Instrument) -> None:
        self.always = instrument.opens is None or instrument.closes is None
        self.opens = minutes(instrument.opens or "00:00")
        self.closes = minutes(instrument.closes or "00:00")

    def trades_on(self, day: int) -> bool:
        return self.always or weekday(day) <= FRIDAY

    def is_open(self, moment: int) -> bool:
        day = day_of(moment)
        return self.always or (self.trades_on(day) and day + self.opens <= moment < day + self.closes)

    def day_start(self, moment: int) -> int:
        """When the trading day of a moment began, or will begin on that date."""
        return day_of(moment) + self.opens

    def after(self, moment: int) -> Boundary:
        """The first boundary later than a moment."""
        day = day_of(moment)
        if self.always:
            return Boundary(day + DAY, "day")
        while True:
            if self.trades_on(day):
                if day + self.opens > moment:
                    return Boundary(day + self.opens, "open")
                if day + self.closes > moment:
                    return Boundary(day + self.closes, "close")
            day += DAY

    def next_open(self, moment: int) -> int:
        """The next opening later than a moment."""
        boundary = self.after(moment)
        while boundary.kind != "open":
            boundary = self.after(boundary.time)
        return boundary.time
