"""What the endpoint keeps, in a SQLite file of its own: a push is committed before its sender hears 201."""

import sqlite3
from pathlib import Path
from typing import Any

import msgspec

from services.contracts.times import rfc3339
from sim.push.device import Device, UnreadableError, encoded
from sim.push.sender import ORIGIN

SCHEMA = """
CREATE TABLE IF NOT EXISTS subscriptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token TEXT NOT NULL UNIQUE,
    private TEXT NOT NULL,
    secret BLOB NOT NULL,
    sender TEXT,
    label TEXT NOT NULL,
    created INTEGER NOT NULL,
    gone INTEGER
);
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription INTEGER NOT NULL REFERENCES subscriptions,
    topic TEXT,
    urgency TEXT NOT NULL,
    ttl INTEGER NOT NULL,
    body BLOB NOT NULL,
    received INTEGER NOT NULL,
    deliveries INTEGER NOT NULL DEFAULT 1,
    UNIQUE (subscription, topic)
);
"""
COUNTED = """
INSERT INTO messages (subscription, topic, urgency, ttl, body, received) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (subscription, topic) DO UPDATE SET deliveries = deliveries + 1, body = excluded.body
RETURNING id
"""
MESSAGES = """
SELECT m.id, m.subscription, s.token, m.topic, m.urgency, m.ttl, m.received, m.deliveries, m.body, s.private, s.secret
FROM messages m JOIN subscriptions s ON s.id = m.subscription
"""
SUBSCRIPTIONS = "SELECT id, token, private, secret, sender, label, created, gone FROM subscriptions"
Row = tuple[Any, ...]


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """As a browser writes it down (PushSubscription.toJSON), with what the endpoint knows beside."""

    id: int
    label: str
    endpoint: str
    keys: dict[str, str]
    application_server_key: str | None
    """The only sender that it takes pushes from."""
    created_at: str
    gone_at: str | None
    """Since when nothing can be pushed to it any more."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A push; ``text`` is what was encrypted, None where that cannot be read, and ``error`` says why."""

    id: int
    subscription: int
    endpoint: str
    topic: str | None
    urgency: str
    ttl: int
    received_at: str
    deliveries: int
    """How often this topic came to this subscription."""
    text: str | None
    error: str | None


class Shelf:
    """Subscriptions, and what was pushed to them."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + SCHEMA)

    def subscribe(self, token: str, device: Device, sender: str | None, label: str, now: int) -> Subscription:
        """A new subscription; ``now`` in wall microseconds."""
        row = (token, str(device.private), device.secret, sender, label, now)
        query = "INSERT INTO subscriptions (token, private, secret, sender, label, created) VALUES (?, ?, ?, ?, ?, ?)"
        number = self._connection.execute(query, row).lastrowid
        return _subscription((number, *row, None))

    def subscriptions(self, since: int, limit: int) -> list[Subscription]:
        """Those with an id above ``since``."""
        rows = self._connection.execute(f"{SUBSCRIPTIONS} WHERE id > ? ORDER BY id LIMIT ?", (since, limit))
        return [_subscription(row) for row in rows.fetchall()]

    def by_token(self, token: str) -> Subscription | None:
        """The one that an endpoint's path names."""
        row = self._connection.execute(f"{SUBSCRIPTIONS} WHERE token = ?", (token,)).fetchone()
        return _subscription(row) if row else None

    def end(self, number: int, now: int) -> bool:
        """From now on it is gone; whether there is such a subscription."""
        query = "UPDATE subscriptions SET gone = coalesce(gone, ?) WHERE id = ?"
        return self._connection.execute(query, (now, number)).rowcount == 1

    def keep(self, subscription: int, topic: str | None, urgency: str, ttl: int, body: bytes, now: int) -> int:
        """Commit a push; a topic that this subscription knows is counted, and what it says takes the other's place."""
        (number,) = self._connection.execute(COUNTED, (subscription, topic, urgency, ttl, body, now)).fetchone()
        return int(number)

    def messages(self, subscription: int | None, since: int, limit: int) -> list[Message]:
        """Those with an id above ``since``, in the order in which they came."""
        where = "m.id > :since" + (" AND m.subscription = :subscription" if subscription is not None else "")
        wanted = {"since": since, "limit": limit, "subscription": subscription}
        rows = self._connection.execute(f"{MESSAGES} WHERE {where} ORDER BY m.id LIMIT :limit", wanted)
        return [_message(row) for row in rows.fetchall()]

    def message(self, number: int) -> Message | None:
        """The push with this id."""
        row = self._connection.execute(f"{MESSAGES} WHERE m.id = ?", (number,)).fetchone()
        return _message(row) if row else None

    def clear(self) -> None:
        """Forget every push; ids go on rising, and subscriptions stay."""
        self._connection.execute("DELETE FROM messages")

    def count(self) -> tuple[int, int]:
        """Pushes and deliveries."""
        row = self._connection.execute("SELECT count(*), coalesce(sum(deliveries), 0) FROM messages").fetchone()
        return int(row[0]), int(row[1])

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def endpoint(token: str) -> str:
    """The address that a sender pushes to."""
    return f"{ORIGIN}/push/{token}"


def _subscription(row: Row) -> Subscription:
    number, token, private, secret, sender, label, created, gone = row
    return Subscription(
        id=number,
        label=label,
        endpoint=endpoint(token),
        keys={"p256dh": encoded(Device(int(private), secret).p256dh), "auth": encoded(secret)},
        application_server_key=sender,
        created_at=rfc3339(created),
        gone_at=None if gone is None else rfc3339(gone),
    )


def _message(row: Row) -> Message:
    number, subscription, token, topic, urgency, ttl, received, deliveries, body, private, secret = row
    text, error = None, None
    try:
        text = Device(int(private), secret).read(body).decode()
    except (UnreadableError, UnicodeDecodeError) as why:
        error = str(why)
    return Message(
        id=number,
        subscription=subscription,
        endpoint=endpoint(token),
        topic=topic,
        urgency=urgency,
        ttl=ttl,
        received_at=rfc3339(received),
        deliveries=deliveries,
        text=text,
        error=error,
    )
