"""What the gateway keeps, in a SQLite file of its own: a message is committed before the sender hears 250."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import msgspec

from services.contracts.times import rfc3339
from sim.mail.content import Content, content, message_id

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT UNIQUE,
    sender TEXT NOT NULL,
    raw BLOB NOT NULL,
    received INTEGER NOT NULL,
    deliveries INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE IF NOT EXISTS recipients (
    address TEXT NOT NULL COLLATE NOCASE,
    message INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE,
    PRIMARY KEY (address, message)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS recipients_message ON recipients (message);
CREATE TABLE IF NOT EXISTS contents (
    message INTEGER PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
    content BLOB NOT NULL
);
"""
COUNTED = """
INSERT INTO messages (message_id, sender, raw, received) VALUES (?, ?, ?, ?)
ON CONFLICT (message_id) DO UPDATE SET deliveries = deliveries + 1
RETURNING id
"""
COLUMNS = "SELECT id, message_id, sender, raw, received, deliveries FROM messages"
CONTENT = msgspec.json.Decoder(Content)
TO = "id IN (SELECT message FROM recipients WHERE address = :to)"


class MailMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message; ``to`` and ``return_path`` are the envelope's, ``sender`` is the From header."""

    id: int
    message_id: str | None
    deliveries: int
    """How often this Message-ID came."""
    received_at: str
    return_path: str
    to: list[str]
    subject: str
    sender: str = msgspec.field(name="from")
    text: str | None
    html: str | None
    headers: list[tuple[str, str]]


class Mailbox:
    """Everything that was received."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;" + SCHEMA
        )

    def keep(self, sender: str, recipients: Sequence[str], raw: bytes, received: int) -> int:
        """Commit a delivery (``received`` in wall microseconds); a known Message-ID is counted, not kept again."""
        self._connection.execute("BEGIN IMMEDIATE")
        with self._connection:
            (number,) = self._connection.execute(COUNTED, (message_id(raw), sender, raw, received)).fetchone()
            rows = [(address, number) for address in recipients]
            self._connection.executemany("INSERT INTO recipients VALUES (?, ?) ON CONFLICT DO NOTHING", rows)
        return int(number)

    def messages(self, to: str | None, since: int, limit: int) -> list[MailMessage]:
        """Those with an id above ``since``, in the order in which they came."""
        where = f"id > :since AND {TO}" if to is not None else "id > :since"
        query = f"{COLUMNS} WHERE {where} ORDER BY id LIMIT :limit"
        rows = self._connection.execute(query, {"to": to, "since": since, "limit": limit})
        return [self._message(row) for row in rows.fetchall()]

    def message(self, number: int) -> MailMessage | None:
        """The message with this id."""
        row = self._connection.execute(f"{COLUMNS} WHERE id = ?", (number,)).fetchone()
        return self._message(row) if row else None

    def clear(self) -> None:
        """Forget every message; ids go on rising."""
        self._connection.execute("DELETE FROM messages")

    def count(self) -> tuple[int, int]:
        """Messages and deliveries."""
        row = self._connection.execute("SELECT count(*), coalesce(sum(deliveries), 0) FROM messages").fetchone()
        return int(row[0]), int(row[1])

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _message(self, row: tuple[int, str | None, str, bytes, int, int]) -> MailMessage:
        number, named, sender, raw, received, deliveries = row
        query = "SELECT address FROM recipients WHERE message = ? ORDER BY address"
        seen = self._content(number, raw)
        return MailMessage(
            id=number,
            message_id=named,
            deliveries=deliveries,
            received_at=rfc3339(received),
            return_path=sender,
            to=[address for (address,) in self._connection.execute(query, (number,))],
            subject=seen.subject,
            sender=seen.sender,
            text=seen.text,
            html=seen.html,
            headers=seen.headers,
        )

    def _content(self, number: int, raw: bytes) -> Content:
        """Parsed by the first who reads it: that takes two milliseconds, in which no other simulator does anything."""
        row = self._connection.execute("SELECT content FROM contents WHERE message = ?", (number,)).fetchone()
        if row:
            return CONTENT.decode(row[0])
        seen = content(raw)
        self._connection.execute("INSERT INTO contents VALUES (?, ?)", (number, msgspec.json.encode(seen)))
        return seen
