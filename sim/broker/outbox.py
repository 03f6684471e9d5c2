"""Executions that a FIX session has not numbered yet.

They are durable in the venue's record; a table keeps how far the session has come, in the transaction that numbers
them. So each is sent once, whether the session was connected, the process killed, or the feed caused it.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Sequence

from sim.venue.journal import sealed
from sim.venue.orders import Execution

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS broker_outbox (sender TEXT PRIMARY KEY, number INTEGER NOT NULL, seal INTEGER NOT NULL)"
    " WITHOUT ROWID"
)
REACHED = "SELECT number FROM broker_outbox WHERE sender = ?"
MARK = (
    "INSERT INTO broker_outbox (sender, number, seal) VALUES (?, ?, ?)"
    " ON CONFLICT (sender) DO UPDATE SET number = excluded.number, seal = excluded.seal"
)
PAGE = 1_000

Record = Callable[[int, int], Sequence[Execution]]
"""The venue's executions after a number, at most so many."""


class Outbox:
    """Of one sender."""

    def __init__(self, sender: str) -> None:
        self.sender = sender
        self._waiting: deque[Execution] = deque()
        self._seen = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def see(self, execution: Execution) -> None:
        """Take note of any execution of the venue; keep those of this sender."""
        self._seen = max(self._seen, execution.number)
        if execution.sender == self.sender:
            self._waiting.append(execution)

    def restore(self, connection: sqlite3.Connection, record: Record) -> None:
        """Begin where the last committed transaction ended."""
        row = connection.execute(REACHED, (self.sender,)).fetchone()
        self._seen = row[0] if row else 0
        self._waiting.clear()
        while page := record(self._seen, PAGE):
            for execution in page:
                self.see(execution)

    def take(self, connection: sqlite3.Connection) -> list[Execution]:
        """All that waits, marked as numbered in the caller's transaction."""
        waiting = list(self._waiting)
        self._waiting.clear()
        connection.execute(MARK, sealed((self.sender, self._seen)))
        return waiting
