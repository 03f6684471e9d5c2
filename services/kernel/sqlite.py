"""SQLite under SQLAlchemy's aiosqlite dialect without aiosqlite: no thread, the statements run in the event loop.

A statement on a local file takes microseconds, a hop to a thread and back a hundred of them. The dialect is given
connections of the standard library in the place of those that it would adapt; as they never wait, SQLAlchemy's
greenlets, which are there for waiting and cost as much as a statement, are left out too.
"""

import sqlite3
from collections import deque
from collections.abc import Iterable
from functools import partial
from typing import Any, Literal, Self, cast

from sqlalchemy import URL, Connection, CursorResult, Executable, NullPool, PoolProxiedConnection, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

BUSY_TIMEOUT = 1.0
"""Seconds that a statement, and so this process, waits for another process that writes; within this one none does."""
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-8000", "temp_store=MEMORY")
Begin = Literal["BEGIN", "BEGIN IMMEDIATE"]


class FileCursor(sqlite3.Cursor):
    """Holds all rows of a result, as the cursors of asyncio drivers do: a result outlives its transaction."""

    _rows: deque[Any]

    def execute(self, statement: str, parameters: Any = ()) -> Self:
        super().execute(statement, parameters)
        self._rows = deque(super().fetchall() if self.description else ())
        return self

    def executemany(self, statement: str, rows: Iterable[Any]) -> Self:
        super().executemany(statement, rows)
        self._rows = deque()
        return self

    def fetchone(self) -> Any:
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        return [self._rows.popleft() for _ in range(min(size or self.arraysize, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        rows, self._rows = list(self._rows), deque()
        return rows


class FileConnection(sqlite3.Connection):
    """A connection in autocommit mode: begins and ends its transactions when it is told to."""

    begin_statement: Begin = "BEGIN"

    @property
    def _connection(self) -> "FileConnection":
        """What the dialect takes for the driver's own connection."""
        return self

    def cursor(self, server_side: bool = False) -> FileCursor:  # type: ignore[override]
        if server_side:
            raise sqlite3.NotSupportedError("rows are not streamed from a local file")
        return super().cursor(FileCursor)

    def begin(self) -> None:
        """Start a transaction; a writing one takes the file's lock at once, so that it never fails half-way."""
        self.execute(self.begin_statement)

    def savepoint(self) -> None:
        """Where `rollback_to_savepoint` leads back to."""
        self.execute("SAVEPOINT use_case")

    def rollback_to_savepoint(self) -> None:
        """Undo what came after the savepoint."""
        self.execute("ROLLBACK TO use_case")

    def release_savepoint(self) -> None:
        """Forget the savepoint."""
        self.execute("RELEASE use_case")

    def terminate(self) -> None:
        """What the pool does with a connection that nobody closed."""
        self.close()


class InlineConnection(AsyncConnection):
    """An AsyncConnection that executes in place."""

    @property
    def inline(self) -> Connection:
        """SQLAlchemy's synchronous connection: it never waits, so transactions need no greenlet either."""
        return self._proxied

    @property
    def file(self) -> "FileConnection":
        """The file's connection underneath."""
        return file_of(self._proxied.connection)

    async def execute(
        self, statement: Executable, parameters: Any = None, *, execution_options: Any = None
    ) -> CursorResult[*tuple[Any, ...]]:
        return self._proxied.execute(statement, parameters, execution_options=execution_options)

    async def exec_driver_sql(
        self, statement: str, parameters: Any = None, execution_options: Any = None
    ) -> CursorResult[*tuple[Any, ...]]:
        return self._proxied.exec_driver_sql(statement, parameters, execution_options)


def engine_for(url: URL, begin: Begin) -> AsyncEngine:
    """An engine that starts every transaction with ``begin``; whoever connects keeps the connection."""
    if not url.database or url.database == ":memory:":
        raise ValueError("a database of a service is a file")
    engine = create_async_engine(url, creator=partial(_connect, url.database, begin), poolclass=NullPool)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


async def connect(engine: AsyncEngine) -> InlineConnection:
    """A connection to be kept."""
    connection = InlineConnection(engine)
    return cast("InlineConnection", await connection.start())


def open_file(path: str) -> FileConnection:
    """A connection with the pragmas that every file of ours has."""
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False, factory=FileConnection
    )
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def file_of(connection: PoolProxiedConnection) -> FileConnection:
    """The file's connection under one of SQLAlchemy's."""
    return cast("FileConnection", connection.driver_connection)


def _connect(path: str, begin: Begin) -> FileConnection:
    connection = open_file(path)
    connection.begin_statement = begin
    return connection


def _begin(connection: Connection) -> None:
    file_of(connection.connection).begin()
