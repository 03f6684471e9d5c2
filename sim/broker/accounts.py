"""Accounts at the broker: opened when they are first named, with the largest order that they may place."""

import sqlite3
from collections.abc import Iterable

import msgspec

from sim.venue.journal import sealed

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS broker_account (account TEXT PRIMARY KEY, opened INTEGER NOT NULL,"
    " seal INTEGER NOT NULL) WITHOUT ROWID"
)

OPEN = "INSERT INTO broker_account (account, opened, seal) VALUES (?, ?, ?)"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """``opened`` is market time in microseconds, ``most`` whole shares or coins an order."""

    account: str
    opened: int
    most: int


class Accounts:
    """All accounts; ``most`` holds for each."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._opened: dict[str, int] = {}

    def restore(self, connection: sqlite3.Connection) -> None:
        """Those opened before."""
        self._opened = dict(connection.execute("SELECT account, opened FROM broker_account").fetchall())

    def open(self, connection: sqlite3.Connection, names: Iterable[str], now: int) -> None:
        """Open those that are new, in the transaction of what they ordered."""
        new = {name: now for name in names if name not in self._opened}
        if new:
            connection.executemany(OPEN, map(sealed, new.items()))
            self._opened.update(new)

    def all(self) -> list[Account]:
        """In the order of their names."""
        return [Account(account=name, opened=opened, most=self.most) for name, opened in sorted(self._opened.items())]
