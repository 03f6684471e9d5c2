"""The venue's door for the broker and the provider: commands in, executions and market messages out."""

import sqlite3
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from services.contracts.clock import SECOND
from services.contracts.instruments import Instrument
from services.contracts.market import Bar, BookSnapshot, MarketMessage, StatusChange, Trade
from services.runtime import log, trace
from services.runtime.killpoints import reach
from sim.clock.clock import MasterClock
from sim.venue import checkpoint
from sim.venue.journal import Journal
from sim.venue.live import Order
from sim.venue.orders import Command, Execution
from sim.venue.record import Record, number_of
from sim.venue.world import Outcome, World

tell_matched = log.line("venue", "matched")
URL = "memory://venue"
QUIET = SECOND
"""Market time after which progress is kept though nothing happened."""
REACH = 5 * SECOND
"""Market time that a command may have played before it; a market further behind its clock takes it where it is."""

Listener = Callable[[Sequence[MarketMessage]], None]
Drained = Callable[[], Awaitable[None]]
Within = Callable[[sqlite3.Connection], None]


class ExecutionSink(Protocol):
    """Who carries executions out of the venue: the broker."""

    def prepare(self, connection: sqlite3.Connection, executions: Sequence[Execution]) -> None:
        """Inside the journal's transaction: write what must be durable before anything leaves."""

    def release(self) -> None:
        """After the commit: what was prepared may leave."""


class JournalLostError(Exception):
    """A commit failed: memory is ahead of the journal, so the process must end and start from it again."""


class Exchange:
    """Matches in memory, writes one journal transaction, then releases reports and market messages."""

    def __init__(self, world: World, journal: Journal, clock: MasterClock) -> None:
        self.world = world
        self.clock = clock
        self.instruments: dict[str, Instrument] = {}
        self.commands = journal.last("commands")
        self.kept = (self.commands, world.now)
        """The last checkpoint: after how many commands, and when."""
        self._journal = journal
        self._sink: ExecutionSink | None = None
        self._listeners: list[Listener] = []
        self._drained: list[Drained] = []
        self._progress = world.now
        self.lost = False
        for symbol, market in world.markets.items():
            self._list(symbol, market.tape.status)

    async def execute(
        self, commands: Sequence[Command], within: Within | None = None, spans: Sequence[trace.Span] = ()
    ) -> None:
        """Apply the commands in order; ``within`` writes into the same transaction (also without any command).

        Returns when all is durable and released; ``spans`` are told of then. An error of the journal ends the host:
        memory is ahead of it.
        """
        began = time.perf_counter()
        if commands:
            self.world.catch_up(min(self.clock.now(), self.world.now + REACH))
            for command in commands:
                self.world.apply(command)
        self.commit(commands, within)
        for span in spans:
            tell_matched(log.ended(span, time.perf_counter() - began))

    def commit(self, commands: Sequence[Command] = (), within: Within | None = None) -> None:
        """Make durable what happened, then tell it."""
        outcome = self.world.taken()
        if not (outcome or commands or within or self.world.now - self._progress >= QUIET):
            return
        reach("venue.before_commit")
        try:
            self._write(outcome, commands, within)
        except BaseException:
            self.lost = self.lost or bool(outcome or commands)
            raise
        reach("venue.after_commit")
        self.clock.advance(self.world.now)
        self._release(outcome)
        reach("venue.after_release")

    def keep_time(self) -> None:
        """Have a start find market time where it is, and going as it does."""
        self.commit(within=_nothing)

    def _write(self, outcome: Outcome, commands: Sequence[Command], within: Within | None) -> None:
        if self.lost:
            raise JournalLostError("the venue's journal was lost; start again from it")
        journal, now, clock = self._journal, self.world.now, self.clock.state
        with journal.transaction() as connection:
            if commands:
                journal.keep_commands(self.commands + 1, now, commands)
            if outcome.executions:
                journal.keep_executions(outcome.executions)
                if self._sink:
                    self._sink.prepare(connection, outcome.executions)
            if outcome.trades:
                journal.keep_trades(outcome.trades)
            if outcome.marks:
                journal.put("marks", outcome.marks)
            journal.keep_progress(now, clock, self.world.seqs)
            if within:
                within(connection)
        self.commands += len(commands)
        self._progress = now

    def _release(self, outcome: Outcome) -> None:
        if outcome.executions and self._sink:
            self._sink.release()
        if not outcome.messages:
            return
        for message in outcome.messages:
            if isinstance(message, StatusChange):
                self._list(message.symbol, message.status)
        for listener in self._listeners:
            listener(outcome.messages)

    def _list(self, symbol: str, status: str) -> None:
        instrument = self.world.listings[symbol].instrument
        self.instruments[symbol] = msgspec.structs.replace(instrument, status=status)

    def keep_checkpoint(self) -> None:
        """Write down the whole state, so that a start replays little; orders that have ended leave memory."""
        world, journal = self.world, self._journal
        ended = {name: order for name, order in world.desk.names.items() if not order.open}
        for name in ended:
            del world.desk.names[name]
        with journal.transaction():
            journal.archive(ended.items())
            state = (world.now, self.commands, world.record.number, checkpoint.saved(world))
            journal.put("checkpoints", [(journal.last("checkpoints") + 1, *state)])
            journal.put("meta", [("setup", msgspec.json.encode(world.setup).decode())])
            journal.prune()
            journal.keep_progress(world.now, self.clock.state, world.seqs)
        self.kept = (self.commands, world.now)

    # Who listens

    def on_executions(self, sink: ExecutionSink) -> None:
        """Name the one sink; it gets every execution, those caused by the feed too."""
        self._sink = sink

    def on_market(self, listener: Listener, drained: Drained | None = None) -> None:
        """Hear market messages in batches, ordered per symbol. A feed at full speed waits for ``drained``."""
        self._listeners.append(listener)
        if drained:
            self._drained.append(drained)

    async def drained(self) -> None:
        """Wait for the slowest listener."""
        for drained in self._drained:
            await drained()

    # Questions

    def journal(self) -> sqlite3.Connection:
        """The journal's connection, on which the broker makes its tables and reads them."""
        return self._journal.connection

    def snapshot(self, symbol: str) -> BookSnapshot:
        """The visible book as of the last message sent."""
        return self.world.markets[symbol].snapshot()

    def reference(self, symbol: str) -> int:
        """The price that today's band stands around: the close before today's session."""
        return self.world.markets[symbol].reference

    def trades_after(self, symbol: str, trade_id: int, limit: int = 1000) -> list[Trade]:
        """The tape after a trade's id, oldest first; seq and prev_seq are 0 here."""
        return self._journal.trades_after(symbol, trade_id, limit)

    def bars(self, symbol: str, start: int, end: int) -> list[Bar]:
        """One-minute bars of the thirty days behind the market's start, with start <= bar.start < end."""
        return self.world.histories[symbol].bars(start, end)

    def executions_since(self, number: int, limit: int = 1000) -> list[Execution]:
        """The venue's record after an execution's number, in order."""
        return self._journal.executions_after(number, limit)

    @property
    def executed(self) -> int:
        """The number of the last execution."""
        return self.world.record.number

    def executions_named(self, exec_ids: Sequence[str]) -> list[Execution]:
        """What the record has under these ids."""
        found = self._journal.executions_numbered([number_of(exec_id) for exec_id in exec_ids])
        return [execution for execution in found if execution.exec_id in exec_ids]

    def sides(self, exec_id: str) -> tuple[Execution, ...]:
        """The trade of an execution, and its other side where that is an order too; none of what is no trade."""
        number = number_of(exec_id)
        found = {each.number: each for each in self._journal.executions_numbered([number - 1, number, number + 1])}
        trade = found.pop(number, None)
        if trade is None or trade.exec_id != exec_id or trade.kind not in {"trade", "corrected"}:
            return ()
        facts = trade.counterparty, trade.trade_id, trade.kind
        return trade, *(each for each in found.values() if (each.order_id, each.trade_id, each.kind) == facts)

    def amended(self, exec_id: str) -> bool:
        """Whether a trade was taken back."""
        return exec_id in self.world.desk.amended

    def order(self, sender: str, cl_ord_id: str) -> Execution | None:
        """How an order stands, as an execution of kind ``status``; None when the venue does not know it."""
        order = self.world.desk.find(sender, cl_ord_id)
        return self._status([order])[0] if order else None

    def open_orders(self, sender: str) -> list[Execution]:
        """How each open order of a sender stands, as executions of kind ``status``."""
        return self._status(self.world.desk.open_orders(sender=sender))

    def _status(self, orders: Sequence[Order]) -> list[Execution]:
        answers = Record()
        for order in orders:
            answers.answer(order, self.world.now)
        return answers.executions

    def feeds(self) -> Mapping[str, dict[str, Any]]:
        """By symbol what plays it and how far it is; times are market time in microseconds."""
        clock = self.clock.now()
        return {
            symbol: {**feed.facts(), "time": self.world.markets[symbol].time, "lag": max(clock - self.world.now, 0)}
            for symbol, feed in self.world.feeds.items()
        }


def _nothing(_: sqlite3.Connection) -> None:
    """Makes a transaction of its own."""
