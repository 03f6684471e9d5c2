"""The broker's rows in the journal for the audit: those that are not as they were written."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from services.fix.session import StoredMessage
from services.fix.store import is_whole
from sim.venue.journal import sealed

SEALED = ("broker_account", "broker_limit", "broker_outbox")
MESSAGES = "SELECT session, seq, frame FROM fix_message ORDER BY session, seq LIMIT ? OFFSET ?"
LATEST = "SELECT session, seq, frame FROM fix_message ORDER BY session DESC, seq DESC LIMIT ?"
PAGE = 5_000
"""Messages looked at for one page."""


def page(connection: sqlite3.Connection, start: int) -> dict[str, Any]:
    """From a message on; ``next`` is None at the end."""
    messages = connection.execute(MESSAGES, (PAGE, start)).fetchall()
    unsound = [
        {"table": "fix_message", "row": {"session": session, "seq": seq}}
        for session, seq, frame in messages
        if not is_whole(StoredMessage(seq, frame))
    ]
    return {
        "service": "broker",
        "tables": {},
        "unsound": [*_unsealed(connection), *unsound],
        "next": str(start + PAGE) if len(messages) == PAGE else None,
    }


def _unsealed(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    for table in SEALED:
        for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 (our own names)
            if sealed(row[:-1]) != row:
                yield {"table": table, "row": {"key": row[0]}}


def latest(connection: sqlite3.Connection, limit: int) -> dict[str, Any]:
    """For a bug report: the last FIX messages that were sent, in their order, as people read them."""
    messages = connection.execute(LATEST, (limit,)).fetchall()
    return {
        "items": [
            {"session": session, "number": seq, "text": frame.replace(b"\x01", b"|").decode("latin-1")}
            for session, seq, frame in reversed(messages)
        ]
    }
