"""SQLite's files of a sandbox as they are at one instant, while everybody goes on writing."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from tradectl.backup.failures import damaged, full
from tradectl.errors import ExitCode, TradectlError

ATTEMPT = 0.05
"""Seconds that a file's lock is waited for before all are let go: who holds it may wait for another one."""
PATIENCE = 10.0
AGAIN = 0.02
ENDING = ".db"


def files_of(folder: Path) -> list[Path]:
    return sorted(folder.rglob(f"*{ENDING}"))


@contextmanager
def instant(files: Sequence[Path]) -> Iterator[list[sqlite3.Connection]]:
    """A connection to each, all of which see the same instant: no writer was between any two of them.

    For some milliseconds all files are locked for writing. TIMEOUT when somebody holds one all the time.
    """
    with ExitStack() as held:
        readers = [held.enter_context(closing(_opened(path))) for path in files]
        deadline = time.monotonic() + PATIENCE
        while not _all_begun(files, readers):
            if time.monotonic() > deadline:
                hint = "`tradectl ps` says who is at work; then do it again"
                raise TradectlError("the sandbox's files are being written all the time", hint, ExitCode.TIMEOUT)
            time.sleep(AGAIN)
        yield readers


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=ATTEMPT, isolation_level=None)


def _all_begun(files: Sequence[Path], readers: Sequence[sqlite3.Connection]) -> bool:
    with ExitStack() as held:
        try:
            for path in files:
                writer = held.enter_context(closing(_opened(path)))
                writer.execute("BEGIN IMMEDIATE")
            for reader in readers:
                reader.execute("BEGIN")
                reader.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise
            for reader in readers:
                if reader.in_transaction:
                    reader.execute("ROLLBACK")
            return False
    return True


def copy(source: sqlite3.Connection, target: Path) -> dict[str, int]:
    """The file as the connection sees it, by SQLite's own backup; how many rows each table has."""
    try:
        with closing(sqlite3.connect(target)) as made:
            source.backup(made)
            return rows(made)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise full(str(target.parent)) from error
        raise


def rows(connection: sqlite3.Connection) -> dict[str, int]:
    """By table."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    counting = ((name, connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]) for (name,) in names)  # noqa: S608
    return {str(name): int(count) for name, count in counting}


def check(path: Path, name: str) -> dict[str, int]:
    """Whether SQLite finds the file sound, and its rows; TradectlError when it does not."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            ((said, *_), *_) = connection.execute("PRAGMA integrity_check(1)").fetchall()
            if said != "ok":
                raise damaged(name, str(said))
            return rows(connection)
    except sqlite3.DatabaseError as error:
        raise damaged(name, str(error)) from error
