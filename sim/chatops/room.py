"""What was said, in a SQLite file of its own: a message is committed before its sender hears that it was taken."""

import sqlite3
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from services.contracts.times import rfc3339

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    service TEXT NOT NULL,
    chat TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    payload BLOB NOT NULL,
    received INTEGER NOT NULL
);
"""
KEEP = "INSERT INTO messages (service, chat, title, text, payload, received) VALUES (?, ?, ?, ?, ?, ?)"
MESSAGES = "SELECT id, service, chat, title, text, payload, received FROM messages"


class Said(NamedTuple):
    """What a door has understood of a payload; ``chat`` is Telegram's chat_id or Slack's channel."""

    chat: str
    title: str
    text: str


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """``service`` is ``telegram`` or ``slack``; ``payload`` what came, as its sender wrote it."""

    id: int
    service: str
    chat: str
    title: str
    text: str
    payload: Any
    received_at: str


class Room:
    """All messages, by the order in which they came."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + SCHEMA)

    def keep(self, service: str, said: Said, payload: object, now: int) -> int:
        """Commit a message; its number. ``now`` in wall microseconds."""
        row = (service, *said, msgspec.json.encode(payload), now)
        return int(self._connection.execute(KEEP, row).lastrowid or 0)

    def messages(self, service: str | None, since: int, limit: int) -> list[Message]:
        """Those with an id above ``since``."""
        where = "id > :since" + (" AND service = :service" if service is not None else "")
        wanted = {"service": service, "since": since, "limit": limit}
        rows = self._connection.execute(f"{MESSAGES} WHERE {where} ORDER BY id LIMIT :limit", wanted)
        return [_message(row) for row in rows.fetchall()]

    def message(self, number: int) -> Message | None:
        """The one with this id."""
        row = self._connection.execute(f"{MESSAGES} WHERE id = ?", (number,)).fetchone()
        return _message(row) if row else None

    def clear(self) -> None:
        """Forget everything; ids go on rising."""
        self._connection.execute("DELETE FROM messages")

    def last(self) -> int:
        """The highest id; 0 of an empty room."""
        (number,) = self._connection.execute("SELECT coalesce(max(id), 0) FROM messages").fetchone()
        return int(number)

    def count(self) -> int:
        """Messages that are kept."""
        (number,) = self._connection.execute("SELECT count(*) FROM messages").fetchone()
        return int(number)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _message(row: tuple[Any, ...]) -> Message:
    number, service, chat, title, text, payload, received = row
    return Message(
        id=number,
        service=service,
        chat=chat,
        title=title,
        text=text,
        payload=msgspec.json.decode(payload),
        received_at=rfc3339(received),
    )
