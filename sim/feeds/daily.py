"""Daily bars of a real share played live: minute bars on a seeded path, trades inside them, a ladder around."""

from bisect import bisect_left
from random import Random
from typing import Any, Self

from services.contracts.clock import DAY, MINUTE
from sim.feeds.floor import Floor
from sim.feeds.history import History
from sim.feeds.ladder import Ladder
from sim.feeds.prints import Print, prints, time_of


class Daily:
    """``now`` is the moment up to which all was played; what comes next follows from it and the seed."""

    kind = "daily"

    def __init__(self, history: History) -> None:
        self.history = history
        self.symbol = history.instrument.symbol
        self.now = history.origin - 1
        unit = history.days(0).volume // history.length // 36
        self.ladder = Ladder(history.instrument.tick, max(unit, 1))
        self.minute = -1
        """The one whose events are at hand; -1 for none."""
        self.events: list[Print] = []
        self.place = 0

    def due(self) -> int | None:
        if self.minute < 0:
            return self.now + 1
        return self.events[self.place].time if self.place < len(self.events) else self.minute + MINUTE

    def play(self, floor: Floor, until: int) -> None:
        if not floor.trading:
            self.now, self.minute = until, -1
            return
        if self.ladder.empty:
            self.ladder.place(floor, self.price(floor), buy=True, draw=self.now)
        while self.now < until:
            self.load_minute(self.now + 1)
            self.now = min(until, self.minute + MINUTE - 1)
            while self.place < len(self.events) and self.events[self.place].time <= self.now:
                self.act(floor, self.events[self.place])
                self.place += 1

    def act(self, floor: Floor, event: Print) -> None:
        floor.time = event.time
        floor.line = event.time % DAY // 1_000
        if event.quantity:
            self.ladder.place(floor, event.price, buy=event.buy, draw=event.draw)
            floor.printed(event.price, event.quantity, buy=event.buy)
        else:
            self.ladder.stir(floor, event.price, buy=event.buy, draw=event.draw)

    def price(self, floor: Floor) -> int:
        """Where the ladder stands before the first trade."""
        return floor.last or self.history.price

    def load_minute(self, moment: int) -> None:
        """Have the events from a moment on to the end of its minute; none outside the session."""
        minute = moment - moment % MINUTE
        if minute == self.minute:
            return
        self.minute = minute
        bars = self.history.whole_day(minute - minute % DAY)
        place = (minute - bars[0].start) // MINUTE
        rng = Random(f"{self.history.seed}/{self.symbol}/prints/{minute}")
        inside = 0 <= place < len(bars)
        self.events = prints(bars[place], MINUTE, self.history.instrument.tick, rng) if inside else []
        self.place = bisect_left(self.events, moment, key=time_of)

    def skip(self, moment: int) -> None:
        self.now, self.minute = moment - 1, -1

    def withdrawn(self) -> None:
        self.ladder.clear()

    def save(self) -> dict[str, Any]:
        return {"now": self.now, **self.ladder.save()}

    def load(self, state: dict[str, Any], _floor: Floor, /) -> Self:
        self.now, self.minute = state["now"], -1
        self.ladder.load(state)
        return self

    def facts(self) -> dict[str, Any]:
        return {"kind": self.kind, "file": "", "line": self.now % DAY // 1_000, "skipped": 0}
