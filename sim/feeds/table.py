"""A CSV file of trades or of bars, with a ladder around its prices.

Trades: ``time,price,quantity`` and perhaps ``side``. Bars: ``time,open,high,low,close,volume``. The header names the
columns in any order; a time is RFC 3339, or seconds, milliseconds, microseconds or nanoseconds since 1970.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Self

from services.contracts import money
from services.contracts.clock import MINUTE
from services.contracts.instruments import Instrument
from services.contracts.market import Bar
from services.contracts.times import from_rfc3339
from services.runtime.log import logger
from sim.feeds.errors import FeedError
from sim.feeds.floor import Floor
from sim.feeds.ladder import Ladder
from sim.feeds.lines import WHOLE, lines_of
from sim.feeds.prints import Print, prints

TRADES = {"time", "price", "quantity"}
BARS = {"time", "open", "high", "low", "close", "volume"}
log = logger("venue")


class Table:
    """``line`` is the last row played to its end; ``offset`` lays its times on market time."""

    kind = "csv"

    def __init__(self, path: Path, instrument: Instrument, start: int, *, seed: int, unit: int) -> None:
        self.path = path
        self.instrument = instrument
        self.seed = seed
        self.start = start
        self.now = start - 1
        self.line = 0
        self.skipped = 0
        self.offset: int | None = None
        self.ladder = Ladder(instrument.tick, max(unit, 1))
        self.columns = columns(path)
        self.rows: Iterator[tuple[int, bytes]] | None = None
        self.ahead: list[Print] = []
        self.reading = 0
        self.previous: tuple[int, int] | None = None
        """Time and length of the bar before."""

    def due(self) -> int | None:
        while not self.ahead and self.read():
            pass
        return self.ahead[0].time if self.ahead else None

    def play(self, floor: Floor, until: int) -> None:
        while (due := self.due()) is not None and due <= until:
            event = self.ahead.pop(0)
            self.now = floor.time = event.time
            floor.line = self.reading
            if event.quantity:
                self.ladder.place(floor, event.price, buy=event.buy, draw=event.draw)
                floor.printed(event.price, event.quantity, buy=event.buy)
            elif not self.ladder.empty:
                self.ladder.stir(floor, event.price, buy=event.buy, draw=event.draw)
            if not self.ahead:
                self.line = self.reading

    def read(self) -> bool:
        """Take the next row; False at the end. Rows that cannot be read are counted and skipped."""
        if self.rows is None:
            self.rows = lines_of(self.path, max(self.line, 1))
        try:
            for number, line in self.rows:
                self.reading = number
                try:
                    self.ahead = [event for event in self.events(line) if event.time > self.now]
                except (ValueError, LookupError) as error:
                    self.skipped += 1
                    log.warning("feed_line_skipped", file=str(self.path), line=number, problem=str(error))
                    continue
                return True
        except FeedError as error:
            log.warning("feed_broken", file=str(self.path), problem=error.message)
        return False

    def events(self, line: bytes) -> list[Print]:
        """What a row means, on market time."""
        row = dict(zip(self.columns, next(csv.reader([line.decode()])), strict=False))
        moment = instant(row["time"])
        if self.offset is None:
            self.offset = self.start - moment
        rng = Random(f"{self.seed}/{self.instrument.symbol}/{moment}")
        if "price" not in row:
            return self.inside(row, moment + self.offset, rng)
        price = scaled(row["price"], self.instrument.price_scale)
        quantity = scaled(row["quantity"], self.instrument.quantity_scale)
        buy = row.get("side", "").lower() in {"buy", "b"} if row.get("side") else rng.random() < 0.5
        return [Print(moment + self.offset, price, max(quantity, 1), buy, rng.getrandbits(30))]

    def inside(self, row: dict[str, str], start: int, rng: Random) -> list[Print]:
        """The trades of a bar, which lasts as long as the one before it did."""
        last, length = self.previous or (start, MINUTE)
        length = start - last or length
        self.previous = (start, length)
        scale = self.instrument.price_scale
        volume = scaled(row["volume"], self.instrument.quantity_scale)
        bar = Bar(
            symbol=self.instrument.symbol,
            interval="1m",
            start=start,
            open=scaled(row["open"], scale),
            high=scaled(row["high"], scale),
            low=scaled(row["low"], scale),
            close=scaled(row["close"], scale),
            volume=volume,
            trades=min(volume, 24 + volume % 24),
        )
        return prints(bar, length, self.instrument.tick, rng)

    def skip(self, moment: int) -> None:
        """Nothing is lost by a jump."""
        due = self.due()
        if due is not None and self.offset is not None:
            delta = moment - due
            self.offset += delta
            self.ahead = [event._replace(time=event.time + delta) for event in self.ahead]

    def rewind(self, moment: int) -> None:
        """Once more from the first row."""
        self.rows, self.ahead, self.line, self.offset, self.previous = None, [], 0, None, None
        self.start, self.now = moment, moment - 1
        self.ladder.clear()

    def save(self) -> dict[str, Any]:
        state = {"line": self.line, "offset": self.offset, "start": self.start, "now": self.now}
        return {**state, "skipped": self.skipped, "previous": self.previous, **self.ladder.save()}

    def load(self, state: dict[str, Any], _floor: Floor, /) -> Self:
        self.line, self.offset, self.start = state["line"], state["offset"], state["start"]
        self.now, self.skipped = state["now"], state["skipped"]
        self.previous = tuple(state["previous"]) if state["previous"] else None
        self.ladder.load(state)
        self.rows, self.ahead = None, []
        return self

    def facts(self) -> dict[str, Any]:
        return {"kind": self.kind, "file": str(self.path), "line": self.line, "skipped": self.skipped}


def columns(path: Path) -> list[str]:
    """The header's names; FeedError when they are neither those of trades nor of bars."""
    for _, line in lines_of(path):
        names = [name.strip().lower() for name in next(csv.reader([line.decode(errors="replace")]), [])]
        if not (set(names) >= TRADES or set(names) >= BARS):
            break
        return names
    raise FeedError(
        f"{path}, line 1 names neither the columns of trades nor of bars",
        f"begin the file with {','.join(sorted(TRADES))} or time,open,high,low,close,volume",
    )


def check_table(path: Path, instrument: Instrument) -> None:
    """Read the first rows; FeedError names the bad one."""
    table = Table(path, instrument, 0, seed=0, unit=1)
    for number, line in lines_of(path, 1):
        try:
            table.events(line)
        except (ValueError, LookupError) as error:
            raise FeedError(f"{path}, line {number}: {error}", "mend or remove that line") from None
        if number > 100:
            return
    if table.offset is None:
        raise FeedError(f"{path} holds no row", WHOLE)


def scaled(text: str, scale: int) -> int:
    """A decimal with more digits than the scale is cut off."""
    whole, dot, fraction = text.strip().partition(".")
    return money.parse(whole + dot + fraction[:scale] if fraction[:scale] else whole, scale)


def instant(text: str) -> int:
    """Microseconds since 1970."""
    if not text.strip().isdigit():
        return from_rfc3339(text.strip())
    number = int(text)
    for limit, factor in ((10**11, 1_000_000), (10**14, 1_000), (10**17, 1)):
        if number < limit:
            return number * factor
    return number // 1_000
