"""A recorded exchange: its snapshot and deltas are the book, its ticker corrects the top, its trades are prints."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import msgspec

from services.contracts.instruments import Instrument
from services.runtime.log import logger
from sim.feeds import wire
from sim.feeds.errors import FeedError
from sim.feeds.floor import Floor
from sim.feeds.lines import lines_of
from sim.feeds.wire import Message

BUDGET = 0.3
"""Seconds that the check of a file may take before the start; what lies behind is checked as it is played."""
EARLY = 1_000
"""Deltas that may wait for the snapshot they belong to."""
log = logger("venue")


class Recording:
    """``offset`` lays receive time on market time; ``line`` is the last one applied."""

    kind = "recorded"

    def __init__(self, path: Path, instrument: Instrument, start: int) -> None:
        self.path = path
        self.price = wire.Scale(instrument.price_scale)
        self.quantity = wire.Scale(instrument.quantity_scale)
        self.start = start
        self.line = 0
        self.skipped = 0
        self.gaps = 0
        self.broken = ""
        self.offset: int | None = None
        self.update = 0
        self.ticker: Message | None = None
        self.topped = False
        """Whether the best levels are the last ticker's word, and no delta's since."""
        self.synced = False
        """Whether the snapshot has come."""
        self.early: list[Message] = []
        self.lines: Iterator[tuple[int, bytes]] | None = None
        self.ahead: tuple[int, int, Message] | None = None
        """Number, market time and message of the next line."""
        self.resume: int | None = None
        """After a restart: when the next line is due."""

    def due(self) -> int | None:
        if self.lines is None:
            self.lines = lines_of(self.path, self.line)
            self.read()
            if self.resume is not None:
                self.move(self.resume)
                self.resume = None
        return self.ahead[1] if self.ahead else None

    def play(self, floor: Floor, until: int) -> None:
        self.due()
        while self.ahead is not None and self.ahead[1] <= until:
            self.line, floor.time, message = self.ahead
            floor.line = self.line
            self.apply(floor, message)
            self.read()

    def skip(self, moment: int) -> None:
        """Nothing of the recording is lost by a jump: it goes on at its next line."""
        due = self.due()
        if due is not None and self.offset is not None:
            self.offset += moment - due
            self.move(moment)

    def move(self, moment: int) -> None:
        """Lay the next line on another moment."""
        if self.ahead is not None:
            self.ahead = (self.ahead[0], moment, self.ahead[2])

    def rewind(self, moment: int) -> None:
        """Once more from the first line."""
        self.lines, self.ahead, self.line, self.offset, self.resume = None, None, 0, None, None
        self.start, self.update, self.ticker, self.synced = moment, 0, None, False
        self.early.clear()

    def read(self) -> None:
        """Look one line ahead; bad lines are counted and skipped, a file that breaks off has ended."""
        before = self.ahead[1] if self.ahead else self.start
        try:
            for number, line in self.lines or ():
                try:
                    moment, message = wire.parse(line)
                except ValueError as error:
                    self.skip_line(number, error)
                    continue
                if self.offset is None:
                    self.offset = self.start - moment
                self.ahead = (number, max(moment + self.offset, before) if moment else before, message)
                return
        except FeedError as error:
            self.broken = error.message
            log.warning("feed_broken", file=str(self.path), problem=error.message)
        self.ahead = None

    def skip_line(self, number: int, error: ValueError) -> None:
        self.skipped += 1
        log.warning("feed_line_skipped", file=str(self.path), line=number, problem=str(error))

    # One line

    def apply(self, floor: Floor, message: Message) -> None:
        try:
            if message.bid_size:  # first, because two lines of three are tickers
                self.corrected(floor, message)
            elif message.price:
                quantity = self.quantity[message.quantity]
                floor.printed(self.price[message.price], max(quantity, 1), buy=not message.buyer_made)
            elif message.first:
                self.delta(floor, message)
            elif message.bids is not None:
                self.snapshot(floor, message)
        except ValueError as error:
            self.skip_line(self.line, error)

    def delta(self, floor: Floor, message: Message) -> None:
        """Levels as they are after update ``u``; those that the book already has are old."""
        if not self.synced and len(self.early) < EARLY:
            self.early.append(message)
        if message.update <= self.update:
            return
        if self.synced and message.first > self.update + 1:
            self.gaps += 1
        self.update, self.topped = message.update, False
        price, quantity = self.price, self.quantity
        for half, pairs in ((floor.bids, message.bid), (floor.asks, message.ask)):
            if isinstance(pairs, list):
                half.update([(price[level], quantity[size]) for level, size in pairs])
        if self.ticker is not None and self.ticker.update > message.update:
            self.correct(floor, self.ticker)
        floor.uncross()

    def snapshot(self, floor: Floor, message: Message) -> None:
        """The whole book, and the deltas on top of it that came before it."""
        for half, pairs in ((floor.bids, message.bids), (floor.asks, message.asks)):
            half.replace({self.price[level]: self.quantity[size] for level, size in pairs or ()})
        self.update, self.synced, self.topped = message.snapshot, True, False
        early, self.early = self.early, []
        for delta in early:
            self.delta(floor, delta)
        if self.ticker is not None and self.ticker.update > self.update:
            self.correct(floor, self.ticker)
        floor.uncross()

    def corrected(self, floor: Floor, message: Message) -> None:
        before, self.ticker = self.ticker, message
        if message.update > self.update:
            self.correct(floor, message, before if self.topped else None)
            floor.uncross()

    def correct(self, floor: Floor, message: Message, before: Message | None = None) -> None:
        """The ticker's word on the best levels; what it said just before need not be said again."""
        bid, ask, self.topped = message.bid, message.ask, True
        if isinstance(bid, str) and not (before and before.bid == bid and before.bid_size == message.bid_size):
            floor.bids.top(self.price[bid], self.quantity[message.bid_size])
        if isinstance(ask, str) and not (before and before.ask == ask and before.ask_size == message.ask_size):
            floor.asks.top(self.price[ask], self.quantity[message.ask_size])

    # Where it stands

    def save(self) -> dict[str, Any]:
        return {
            "line": self.line,
            "offset": self.offset,
            "start": self.start,
            "update": self.update,
            "synced": self.synced,
            "skipped": self.skipped,
            "gaps": self.gaps,
            "broken": self.broken,
            "ticker": msgspec.to_builtins(self.ticker),
            "early": msgspec.to_builtins(self.early),
            "ahead": self.ahead[1] if self.ahead else self.resume,
        }

    def load(self, state: dict[str, Any], _floor: Floor, /) -> Self:
        self.line, self.offset, self.start = state["line"], state["offset"], state["start"]
        self.update, self.synced = state["update"], state["synced"]
        self.skipped, self.gaps, self.broken = state["skipped"], state["gaps"], state["broken"]
        self.ticker = msgspec.convert(state["ticker"], Message | None)
        self.early = msgspec.convert(state["early"], list[Message])
        self.lines, self.resume = None, state["ahead"]
        return self

    def facts(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "file": str(self.path),
            "line": self.line,
            "skipped": self.skipped,
            "gaps": self.gaps,
            "broken": self.broken,
        }


def check(path: Path, symbol: str, budget: float = BUDGET) -> int:
    """Read a recording as far as the budget of seconds goes; the lines read. FeedError names the bad one."""
    deadline = time.monotonic() + budget
    number, known = 0, False
    for number, line in lines_of(path):
        try:
            _, message = wire.parse(line)
        except ValueError as error:
            raise FeedError(
                f"{path}, line {number}: {error}", "mend or remove that line, or name another file with --feed"
            ) from None
        if message.symbol and message.symbol != symbol:
            raise FeedError(f"{path}, line {number}: a message of {message.symbol}", f"record {symbol} alone")
        known = known or bool(message.price or message.first or message.bids is not None or message.bid_size)
        if not number % 1_000 and time.monotonic() > deadline:
            break
    if not known:
        raise FeedError(f"{path} holds no depth, ticker or trade of {symbol}", "name a recording with --feed")
    return number
