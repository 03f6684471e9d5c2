"""A sandbox with files alone, for tests of its backups."""

import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path

from tradectl.backup import create
from tradectl.backup.catalogue import Backup
from tradectl.backup.manifest import Manifest
from tradectl.backup.restore import Wanted, restore
from tradectl.backup.store import Store
from tradectl.backup.verify import verify
from tradectl.stack.settings import RunSettings, keep
from tradectl.stack.state import Sandbox

KEY, OTHER = bytes(32), bytes(range(32))
FILES = ("orders.db", "portfolio.db", "venue/venue.db")
LATEST = Wanted()


def filled(folder: Path) -> Sandbox:
    """One that is down, with a row in each file."""
    found = Sandbox("default", folder / "home" / "sandboxes" / "default")
    found.create()
    keep(found, RunSettings(seed=7))
    for name in FILES:
        path = found.data / name
        path.parent.mkdir(exist_ok=True)
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript("PRAGMA journal_mode=WAL; CREATE TABLE t (n INTEGER PRIMARY KEY, b BLOB);")
    write(found, 1)
    return found


def write(place: Sandbox, number: int, size: int = 10) -> None:
    for name in FILES:
        with closing(sqlite3.connect(place.data / name)) as connection, connection:
            connection.execute("INSERT INTO t VALUES (?, randomblob(?))", (number, size))


def held(place: Sandbox) -> list[list[int]]:
    found = []
    for name in FILES:
        with closing(sqlite3.connect(place.data / name)) as connection:
            found.append([number for (number,) in connection.execute("SELECT n FROM t ORDER BY n")])
    return found


def made(place: Sandbox, store: Store, key: bytes = KEY, days: int | None = None) -> Manifest:
    return create.create(place, store, key, lambda _: None, keep=days)


def whole(store: Store, key: bytes = KEY) -> Backup:
    return verify(store, "default", key).backup


def put_back(place: Sandbox, store: Store, wanted: Wanted = LATEST, key: bytes = KEY) -> None:
    restore(place, store, key, wanted, lambda _: None)


def put(store: Store, key: str, document: bytes) -> None:
    store.put(key, BytesIO(document))
