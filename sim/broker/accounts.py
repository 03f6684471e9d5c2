"""Accounts at the broker: opened when they are first named, each with the largest order that it may place."""

import sqlite3
from collections.abc import Iterable

import msgspec

from sim.broker.refusals import ACCOUNT_BLOCKED, RefusedError
from sim.venue.journal import sealed

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS broker_account (
    account TEXT PRIMARY KEY, opened INTEGER NOT NULL, seal INTEGER NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS broker_limit (
    account TEXT PRIMARY KEY, most INTEGER NOT NULL, blocked INTEGER NOT NULL, seal INTEGER NOT NULL) WITHOUT ROWID""",
)

OPEN = "INSERT INTO broker_account (account, opened, seal) VALUES (?, ?, ?)"
LIMIT = "INSERT OR REPLACE INTO broker_limit (account, most, blocked, seal) VALUES (?, ?, ?, ?)"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """``opened`` is market time in microseconds, ``most`` whole shares or coins an order."""

    account: str
    opened: int
    most: int
    blocked: bool = False


class Accounts:
    """All accounts; ``most`` holds for each that has no limit of its own."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._opened: dict[str, int] = {}
        self._limits: dict[str, tuple[int, bool]] = {}

    def restore(self, connection: sqlite3.Connection) -> None:
        """Those opened before, and what was limited."""
        self._opened = dict(connection.execute("SELECT account, opened FROM broker_account").fetchall())
        limits = connection.execute("SELECT account, most, blocked FROM broker_limit").fetchall()
        self._limits = {account: (most, bool(blocked)) for account, most, blocked in limits}

    def open(self, connection: sqlite3.Connection, names: Iterable[str], now: int) -> None:
        """Open those that are new, in the transaction of what they ordered."""
        new = {name: now for name in names if name not in self._opened}
        if new:
            connection.executemany(OPEN, map(sealed, new.items()))
            self._opened.update(new)

    def limit(self, connection: sqlite3.Connection, name: str, most: int | None, *, blocked: bool) -> None:
        """From now on; None is the usual largest order."""
        limits = self.most if most is None else most, blocked
        connection.execute(LIMIT, sealed((name, *limits)))
        self._limits[name] = limits

    def largest(self, name: str) -> int:
        """Whole shares or coins that an order of this account may be over; RefusedError when it may place none."""
        most, blocked = self._limits.get(name, (self.most, False))
        if blocked:
            raise RefusedError(ACCOUNT_BLOCKED)
        return most

    def named(self, name: str) -> Account | None:
        """One that was opened."""
        opened = self._opened.get(name)
        if opened is None:
            return None
        most, blocked = self._limits.get(name, (self.most, False))
        return Account(account=name, opened=opened, most=most, blocked=blocked)

    def all(self) -> list[Account]:
        """In the order of their names."""
        return [account for name in sorted(self._opened) if (account := self.named(name))]
