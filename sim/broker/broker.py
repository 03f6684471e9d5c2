"""Between clients and the venue: one transaction of the venue's journal takes commands and what must follow them."""

import sqlite3
from collections.abc import Callable, Sequence

from services.runtime import trace
from sim.broker import accounts, outbox
from sim.broker.accounts import Accounts
from sim.broker.outbox import Outbox
from sim.broker.refusals import DUPLICATE, RefusedError
from sim.venue.exchange import Exchange, Within
from sim.venue.orders import Amend, Cancel, Command, Execution, NewOrder, Replace

Waker = Callable[[], None]


class Broker:
    """The venue's sink of executions: deals them out to FIX sessions and to REST requests that wait for them."""

    def __init__(self, venue: Exchange, most: int) -> None:
        self.venue = venue
        self.accounts = Accounts(most)
        self._outboxes: list[tuple[Outbox, Waker]] = []
        self._listeners: list[Waker] = []
        self._requests: dict[tuple[str, str], list[Execution]] = {}
        venue.on_executions(self)

    async def open(self) -> None:
        """Make the broker's tables in the journal, and read them."""

        def create(connection: sqlite3.Connection) -> None:
            for statement in accounts.SCHEMA:
                connection.execute(statement)
            connection.execute(outbox.SCHEMA)

        await self.venue.execute([], create)
        self.accounts.restore(self.venue.journal())

    def carry(self, box: Outbox, wake: Waker) -> None:
        """Have a session's outbox filled; ``wake`` is called when something was released into it."""
        self._outboxes.append((box, wake))

    def on_release(self, wake: Waker) -> None:
        """Call this whenever the record has grown."""
        self._listeners.append(wake)

    async def execute(self, commands: Sequence[Command], within: Within, spans: Sequence[trace.Span] = ()) -> None:
        """One transaction: new accounts, the commands, their executions, and what ``within`` writes."""

        def write(connection: sqlite3.Connection) -> None:
            named = [command.account for command in commands if isinstance(command, NewOrder)]
            self.accounts.open(connection, named, self.venue.clock.now())
            within(connection)

        await self.venue.execute(commands, write, spans)

    async def submit(self, command: NewOrder | Cancel | Replace) -> list[Execution]:
        """Carry out one command and return what became of it at once; for clients without a session."""
        key = command.sender, command.cl_ord_id
        if key in self._requests:
            raise RefusedError(DUPLICATE)
        reports = self._requests[key] = []
        try:
            await self.execute([command], lambda _: None)
        finally:
            del self._requests[key]
        return reports

    async def limit(self, account: str, most: int | None, *, blocked: bool) -> None:
        """Limit an account; it is durable when this returns."""
        await self.venue.execute([], lambda journal: self.accounts.limit(journal, account, most, blocked=blocked))

    async def amend(self, command: Amend) -> list[Execution]:
        """Bust or correct a trade, and return what was reported of it."""
        taken = {trade.exec_id for trade in command.trades}
        before = self.venue.executed
        await self.execute([command], lambda _: None)
        return [each for each in self.venue.executions_since(before, -1) if each.exec_ref in taken]

    # The venue's sink

    def prepare(self, connection: sqlite3.Connection, executions: Sequence[Execution]) -> None:  # noqa: ARG002
        """Inside the journal's transaction."""
        for execution in executions:
            for box, _ in self._outboxes:
                box.see(execution)
            waiting = self._requests.get((execution.sender, execution.cl_ord_id))
            if waiting is not None:
                waiting.append(execution)

    def release(self) -> None:
        """After the commit: what no transaction of a session took along is numbered by one of its own."""
        for box, wake in self._outboxes:
            if box:
                wake()
        for wake in self._listeners:
            wake()
