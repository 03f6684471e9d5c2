"""All markets under one clock: what happens follows from the setup and the commands alone.

Time goes in instants of GRID. Between two of them the feeds stand still, but for a command: it first lets them come
up to its own time. So the journal needs only the commands and their times to make the same market again.
"""

from dataclasses import dataclass, field

from services.contracts.clock import MILLISECOND
from services.contracts.market import MarketMessage, Trade
from sim.feeds.floor import Feed
from sim.venue.calling import CALLS
from sim.venue.desk import Desk, Lookup
from sim.venue.market import Market
from sim.venue.orders import Command, Execution, Halt
from sim.venue.record import Record
from sim.venue.sessions import Boundary, Session
from sim.venue.setup import Setup, feed_of, history_of

GRID = 100 * MILLISECOND


@dataclass(slots=True)
class Outcome:
    """What came of a stretch of time or of commands, not told to anybody yet."""

    messages: list[MarketMessage] = field(default_factory=list)
    trades: list[Trade] = field(default_factory=list)
    executions: list[Execution] = field(default_factory=list)
    marks: list[tuple[int, str, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.messages or self.executions or self.marks)


class World:
    """``now`` is the market time up to which all was played."""

    def __init__(self, setup: Setup, archived: Lookup) -> None:
        self.setup = setup
        self.now = setup.origin
        self.record = Record()
        self.listings = setup.listings
        self.histories = {symbol: history_of(setup, listing) for symbol, listing in self.listings.items()}
        self.sessions = {symbol: Session(listing.instrument) for symbol, listing in self.listings.items()}
        self.markets = {symbol: Market(each.instrument, self.record) for symbol, each in self.listings.items()}
        self.feeds: dict[str, Feed] = {}
        self.boundaries: dict[str, Boundary] = {}
        self.desk = Desk(self.markets, self.record, archived)
        self.outcome = Outcome()

    def begin(self) -> None:
        """The first instant of a new market."""
        for symbol, market in self.markets.items():
            history = self.histories[symbol]
            market.time, market.reference = self.now, history.reference
            market.tape.last = history.price
            market.tape.turn(self.sessions[symbol].status(self.now))
            self.boundaries[symbol] = self.sessions[symbol].after(self.now)
            self.feeds[symbol] = feed_of(self.setup, self.listings[symbol], history, self.now)
        self.play(self.now)

    # Time

    def advance(self, until: int) -> None:
        """All instants up to a moment."""
        while (instant := self.now - self.now % GRID + GRID) <= until:
            self.instant(instant)

    def catch_up(self, moment: int) -> None:
        """Everything up to a moment that may lie between two instants."""
        self.advance(moment)
        if moment > self.now:
            self.play(moment)

    def instant(self, moment: int) -> None:
        """One step: feeds, then sessions that begin or end."""
        self.play(moment)
        self.turn(moment)

    def play(self, moment: int) -> None:
        for symbol, feed in self.feeds.items():
            due = feed.due()
            if due is not None and due <= moment:
                feed.play(self.markets[symbol], moment)
            if (market := self.markets[symbol]).called and market.trading:
                market.carry_on()
        self.now = moment

    # Sessions

    def turn(self, moment: int) -> None:
        """Pass all boundaries up to a moment; after a close of all sessions time jumps to the next opening."""
        if not any(boundary.time <= moment for boundary in self.boundaries.values()):
            return
        closed = False
        while (symbol := min(self.boundaries, key=self.next_boundary)) and self.next_boundary(symbol) <= moment:
            closed |= self.boundaries[symbol].kind == "close"
            self.cross(symbol, self.boundaries[symbol])
        awake = {"open", *CALLS}
        if closed and not any(self.markets[symbol].tape.status in awake for symbol in self.with_sessions()):
            self.jump(min(self.sessions[symbol].next_open(moment) for symbol in self.with_sessions()))

    @property
    def touched(self) -> bool:
        """Whether something became of a user's order that was not gathered yet."""
        return bool(self.record.executions)

    def next_boundary(self, symbol: str) -> int:
        return self.boundaries[symbol].time

    def with_sessions(self) -> list[str]:
        return [symbol for symbol, session in self.sessions.items() if not session.always]

    def cross(self, symbol: str, boundary: Boundary) -> None:
        """One market's day begins or ends."""
        market = self.markets[symbol]
        market.time = boundary.time
        if market.calling:
            market.end_call(last=boundary.kind == "close")
        if boundary.kind in {"close", "day"}:
            for order in [order for order in self.desk.open_orders(symbol) if order.tif == "day"]:
                market.end(order, "expired", "day_end")
        if boundary.kind == "closing":
            self.feeds[symbol].skip(boundary.time)  # it rests; what it has shown takes part in the auction
        if boundary.kind == "close":
            market.withdraw_feed()
            self.feeds[symbol].withdrawn()
        if boundary.kind in {"call", "day"}:
            market.reference = market.last or market.reference
        if boundary.kind != "day" and market.tape.status != "halted":
            market.tape.turn(self.sessions[symbol].status(boundary.time))
        self.boundaries[symbol] = self.sessions[symbol].after(boundary.time)

    def jump(self, moment: int) -> None:
        """From a close to the next opening: nobody waits through the night."""
        for symbol, market in self.markets.items():
            market.mark("jump to the next session")
            self.feeds[symbol].skip(moment)
        self.now = moment
        self.turn(moment)
        self.play(moment)

    # Commands and what came of everything

    def apply(self, command: Command) -> None:
        """One command at the present moment."""
        self.desk.now = self.now
        for market in self.markets.values():
            market.time = self.now
        if isinstance(command, Halt):
            self.halt(self.markets[command.symbol], on=command.on)
        else:
            self.desk.apply(command)

    def halt(self, market: Market, *, on: bool) -> None:
        """Stop a market that trades, or let one go on that was stopped by this."""
        if on and market.trading:
            market.suspended = True
            market.tape.turn("halted")
        elif market.suspended and not on:
            market.suspended = False
            market.tape.turn(self.sessions[market.symbol].status(self.now))

    def gather(self) -> None:
        """Gather what the markets have to tell: each trade, and of the book what differs from the last telling."""
        outcome = self.outcome
        for symbol, market in self.markets.items():
            market.tape.book(market.bids, market.asks)
            market.indicate()
            if market.tape.messages:
                messages, trades = market.tape.taken()
                outcome.messages += messages
                outcome.trades += trades
            if market.marks:
                outcome.marks += [(time, symbol, what) for time, what in market.marks]
                market.marks.clear()

    @property
    def seqs(self) -> dict[str, int]:
        """The number of each symbol's last message, which depends on how often they were gathered."""
        return {symbol: market.tape.seq for symbol, market in self.markets.items()}

    def taken(self) -> Outcome:
        """What came since the last time."""
        self.gather()
        outcome, self.outcome = self.outcome, Outcome()
        outcome.executions = self.record.taken()
        return outcome
