"""Where a session's numbers and sent messages lie. A store never commits: its caller's transaction does."""

import sqlite3
from collections.abc import Sequence
from typing import Protocol

from services.fix.codec import GarbledMessageError, decode
from services.fix.session import Exchange, SessionNumbers, StoredMessage


def is_whole(message: StoredMessage) -> bool:
    """Whether a kept message is as it was sent: its own length and checksum hold, and it has its own number."""
    try:
        return decode(message.frame).seq == message.seq
    except (GarbledMessageError, KeyError, ValueError):
        return False


class MessageStore(Protocol):
    """The seam, for callers that wait for nothing; those that must are an Application of their own kind."""

    def load(self) -> SessionNumbers:
        """The numbers as kept last, 1 and 1 at first."""
        ...

    def keep(self, exchange: Exchange) -> None:
        """Write the exchange's numbers and messages."""
        ...

    def stored(self, begin: int, end: int) -> Sequence[StoredMessage]:
        """The messages kept under these numbers, in order."""
        ...


class MemoryStore:
    """For programs whose session need not survive them."""

    def __init__(self) -> None:
        self.numbers = SessionNumbers()
        self.messages: dict[int, bytes] = {}

    def load(self) -> SessionNumbers:
        """See MessageStore."""
        return self.numbers

    def keep(self, exchange: Exchange) -> None:
        """See MessageStore."""
        if exchange.reset:
            self.messages.clear()
        self.messages.update(exchange.sent)
        self.numbers = exchange.numbers

    def stored(self, begin: int, end: int) -> Sequence[StoredMessage]:
        """See MessageStore."""
        return [StoredMessage(seq, self.messages[seq]) for seq in sorted(self.messages) if begin <= seq <= end]


SCHEMA = (
    """CREATE TABLE IF NOT EXISTS fix_session (
    session TEXT PRIMARY KEY, next_out INTEGER NOT NULL, next_in INTEGER NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS fix_message (
    session TEXT NOT NULL, seq INTEGER NOT NULL, frame BLOB NOT NULL, PRIMARY KEY (session, seq)) WITHOUT ROWID""",
)


class SqliteStore:
    """Writes on the connection it is given, within its transaction; ``session`` tells the sessions of a file apart."""

    def __init__(self, connection: sqlite3.Connection, session: str) -> None:
        self._connection = connection
        self._session = session

    def create(self) -> None:
        """Make the two tables where they are missing."""
        for statement in SCHEMA:
            self._connection.execute(statement)

    def load(self) -> SessionNumbers:
        """See MessageStore."""
        row = self._connection.execute(
            "SELECT next_out, next_in FROM fix_session WHERE session = ?", (self._session,)
        ).fetchone()
        return SessionNumbers(*row) if row else SessionNumbers()

    def keep(self, exchange: Exchange) -> None:
        """See MessageStore."""
        execute = self._connection.execute
        if exchange.reset:
            execute("DELETE FROM fix_message WHERE session = ?", (self._session,))
        self._connection.executemany(
            "INSERT INTO fix_message (session, seq, frame) VALUES (?, ?, ?)",
            [(self._session, message.seq, message.frame) for message in exchange.sent],
        )
        execute(
            "INSERT INTO fix_session (session, next_out, next_in) VALUES (?, ?, ?)"
            " ON CONFLICT (session) DO UPDATE SET next_out = excluded.next_out, next_in = excluded.next_in",
            (self._session, *exchange.numbers),
        )

    def stored(self, begin: int, end: int) -> Sequence[StoredMessage]:
        """See MessageStore."""
        rows = self._connection.execute(
            "SELECT seq, frame FROM fix_message WHERE session = ? AND seq BETWEEN ? AND ? ORDER BY seq",
            (self._session, begin, end),
        )
        return [StoredMessage(*row) for row in rows]
