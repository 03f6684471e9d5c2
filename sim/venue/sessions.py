"""When a market opens and closes. Shares trade from Monday to Friday, crypto always, with a day that ends at 00:00.

A session begins and ends with an auction: orders are called for before the open, and once more after the close.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from services.contracts.clock import DAY, HOUR, MINUTE
from services.contracts.instruments import Instrument, Status

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FRIDAY = 4
CALL = 2 * MINUTE
"""How long an auction calls for orders."""


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
    """``call`` and ``open`` begin a session, ``closing`` and ``close`` end it; who never closes has ``day``."""

    time: int
    kind: Literal["call", "open", "closing", "close", "day"]


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

    def status(self, moment: int) -> Status:
        """What the timetable says of a moment."""
        if self.is_open(moment):
            return "open"
        now = moment - day_of(moment)
        if self.trades_on(day_of(moment)) and self.opens - CALL <= now < self.opens:
            return "pre_open"
        return "pre_close" if self.trades_on(day_of(moment)) and self.closes <= now < self.closes + CALL else "closed"

    def day_start(self, moment: int) -> int:
        """When the trading day of a moment began, or will begin on that date."""
        return day_of(moment) + self.opens

    def after(self, moment: int) -> Boundary:
        """The first boundary later than a moment."""
        day = day_of(moment)
        if self.always:
            return Boundary(day + DAY, "day")
        while True:
            for boundary in self.of(day):
                if boundary.time > moment:
                    return boundary
            day += DAY

    def of(self, day: int) -> list[Boundary]:
        """A day's boundaries in their order."""
        if not self.trades_on(day):
            return []
        opens, closes = day + self.opens, day + self.closes
        return [
            Boundary(opens - CALL, "call"),
            Boundary(opens, "open"),
            Boundary(closes, "closing"),
            Boundary(closes + CALL, "close"),
        ]

    def next_open(self, moment: int) -> int:
        """The next opening later than a moment."""
        boundary = self.after(moment)
        while boundary.kind != "open":
            boundary = self.after(boundary.time)
        return boundary.time
