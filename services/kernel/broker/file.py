"""The file of the broker in the process: what each durable queue holds, one commit a batch for all queues."""

import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count

from services.contracts.envelope import DECODER, ENCODER, Envelope
from services.kernel.broker.protocol import BrokerLost, DeadLetter
from services.kernel.sqlite import open_file
from services.runtime.killpoints import reach

SCHEMA = """
CREATE TABLE IF NOT EXISTS bindings (queue TEXT, producer TEXT, name TEXT, PRIMARY KEY (queue, producer, name))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, queue TEXT NOT NULL, envelope BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS dead (
    id INTEGER PRIMARY KEY, queue TEXT NOT NULL, envelope BLOB NOT NULL, reason TEXT NOT NULL, time INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS dead_by_queue ON dead (queue, id);
"""
AT_ONCE = 500
"""Ids in one question to SQLite."""
Binding = tuple[str, str, str]
"""Queue, producer and name of the event."""
Message = tuple[int, str, bytes]
"""Id, queue and encoded envelope."""


class QueueFile:
    """Ids rise with the order of publishing, over all queues and restarts."""

    def __init__(self, path: str) -> None:
        self._connection = open_file(path)
        self._connection.executescript(SCHEMA)
        self._ids = count(1 + max(self._newest("messages"), self._newest("dead")))
        self._done: list[tuple[int]] = []

    def bindings(self) -> list[Binding]:
        """What each queue is for."""
        return self._connection.execute("SELECT queue, producer, name FROM bindings").fetchall()

    def bind(self, queue: str, events: Iterable[tuple[str, str]]) -> None:
        """Change what a queue is for."""
        with self._transaction():
            self._connection.execute("DELETE FROM bindings WHERE queue = ?", (queue,))
            self._connection.executemany(
                "INSERT INTO bindings VALUES (?, ?, ?)", [(queue, producer, name) for producer, name in events]
            )

    def add_bindings(self, bindings: Iterable[Binding]) -> None:
        """Have queues take more, made where they are not there."""
        with self._transaction():
            self._connection.executemany("INSERT OR IGNORE INTO bindings VALUES (?, ?, ?)", list(bindings))

    def waiting(self) -> Iterator[tuple[int, str]]:
        """Ids and queues of all messages, oldest first."""
        yield from self._connection.execute("SELECT id, queue FROM messages ORDER BY id")

    def add(self, letters: Sequence[tuple[Envelope, Sequence[str]]]) -> list[tuple[int, str, Envelope]]:
        """Lay each envelope into its queues; durable on return."""
        added = [(next(self._ids), queue, envelope) for envelope, queues in letters for queue in queues]
        rows: list[Message] = []
        encoded, document = None, b""
        for number, queue, envelope in added:
            if envelope is not encoded:
                encoded, document = envelope, ENCODER.encode(envelope)
            rows.append((number, queue, document))
        with self._transaction():
            self._connection.executemany("INSERT INTO messages VALUES (?, ?, ?)", rows)
            self._delete_done()
            reach("broker.before_commit")
        reach("broker.after_commit")
        return added

    def read(self, ids: Sequence[int]) -> dict[int, Envelope]:
        """The envelopes of messages by id."""
        found: dict[int, Envelope] = {}
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            marks = ",".join("?" * len(some))
            rows = self._connection.execute(f"SELECT id, envelope FROM messages WHERE id IN ({marks})", some)  # noqa: S608
            found.update((number, DECODER.decode(document)) for number, document in rows)
        return found

    def done(self, ids: Iterable[int]) -> None:
        """These can go with the next commit; lost before it, they are only delivered again."""
        self._done.extend((number,) for number in ids)

    def flush(self) -> None:
        """Delete what is done."""
        if self._done:
            with self._transaction():
                self._delete_done()

    def set_aside(self, message: int, reason: str) -> None:
        """Move a message to the dead letters."""
        with self._transaction():
            self._connection.execute(
                "INSERT INTO dead SELECT id, queue, envelope, ?, ? FROM messages WHERE id = ?",
                (reason, time.time_ns() // 1_000, message),
            )
            self._connection.execute("DELETE FROM messages WHERE id = ?", (message,))

    def bury(self, queue: str, envelope: Envelope, reason: str) -> None:
        """Add a dead letter that is no message."""
        row = (next(self._ids), queue, ENCODER.encode(envelope), reason, time.time_ns() // 1_000)
        with self._transaction():
            self._connection.execute("INSERT INTO dead VALUES (?, ?, ?, ?, ?)", row)

    def dead(self, queue: str, most: int) -> list[DeadLetter]:
        """The dead letters of a queue, oldest first."""
        rows = self._connection.execute(
            "SELECT id, queue, envelope, reason, time FROM dead WHERE queue = ? ORDER BY id LIMIT ?", (queue, most)
        )
        return [
            DeadLetter(id=number, queue=of, envelope=DECODER.decode(document), reason=reason, time=moment)
            for number, of, document, reason, moment in rows
        ]

    def count_dead(self) -> dict[str, int]:
        """How many dead letters each queue has, of those that have any."""
        return dict(self._connection.execute("SELECT queue, count(*) FROM dead GROUP BY queue"))

    def revive(self, queue: str, ids: Collection[int]) -> list[int]:
        """Move dead letters back to the end of their queue; their new ids, oldest first."""
        revived: list[int] = []
        with self._transaction():
            for number in sorted(ids):
                new = next(self._ids)
                moved = self._connection.execute(
                    "INSERT INTO messages SELECT ?, queue, envelope FROM dead WHERE id = ? AND queue = ?",
                    (new, number, queue),
                )
                if moved.rowcount:
                    self._connection.execute("DELETE FROM dead WHERE id = ?", (number,))
                    revived.append(new)
        return revived

    def close(self) -> None:
        """Write what is left and close."""
        self.flush()
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.OperationalError as error:
            raise BrokerLost(f"the broker's file: {error}") from error

    def _delete_done(self) -> None:
        if self._done:
            self._connection.executemany("DELETE FROM messages WHERE id = ?", self._done)
            self._done = []

    def _newest(self, table: str) -> int:
        return int(self._connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])  # noqa: S608
