"""SQLite under SQLAlchemy's aiosqlite dialect without aiosqlite's thread: the statements run in the event loop.

A statement on a local file takes microseconds, a hop to a thread and back a hundred of them. What follows is the
part of ``aiosqlite.Connection`` and ``aiosqlite.Cursor`` that the dialect uses.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Literal, cast

from sqlalchemy import URL, Connection, PoolProxiedConnection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

BUSY_TIMEOUT = 5.0
"""Seconds that a statement waits for another process; within this one a file has one writer."""
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-8000", "temp_store=MEMORY")
Begin = Literal["BEGIN", "BEGIN IMMEDIATE"]


class InlineCursor:
    """A cursor whose coroutines never wait."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    async def __aenter__(self) -> "InlineCursor":
        return self

    @property
    def description(self) -> Any:
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._cursor.lastrowid

    @property
    def arraysize(self) -> int:
        return self._cursor.arraysize

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> "InlineCursor":
        self._cursor.execute(statement, parameters)
        return self

    async def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> "InlineCursor":
        self._cursor.executemany(statement, rows)
        return self

    async def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()

    async def fetchone(self) -> Any:
        return self._cursor.fetchone()

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        return self._cursor.fetchmany(self._cursor.arraysize if size is None else size)

    async def close(self) -> None:
        self._cursor.close()


class InlineConnection:
    """A connection in autocommit mode that begins and ends its transactions when it is told to."""

    __slots__ = ("_connection", "begin_statement")

    def __init__(self, connection: sqlite3.Connection, begin_statement: Begin) -> None:
        self._connection: sqlite3.Connection | None = connection
        self.begin_statement = begin_statement

    @property
    def raw(self) -> sqlite3.Connection:
        """The connection itself, for what is no statement of SQLAlchemy's."""
        if self._connection is None:
            raise sqlite3.ProgrammingError("connection closed")
        return self._connection

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open: SQLite ends it by itself when the disk is full or fails."""
        return self.raw.in_transaction

    @property
    def isolation_level(self) -> str | None:
        return self.raw.isolation_level

    def cursor(self) -> InlineCursor:
        return InlineCursor(self.raw.cursor())

    def begin(self) -> None:
        """Start a transaction; a writing one takes the file's lock at once, so that it never fails half-way."""
        self.raw.execute(self.begin_statement)

    def savepoint(self) -> None:
        """Where `rollback_to_savepoint` leads back to."""
        self.raw.execute("SAVEPOINT use_case")

    def rollback_to_savepoint(self) -> None:
        """Undo what came after the savepoint."""
        self.raw.execute("ROLLBACK TO use_case")

    def release_savepoint(self) -> None:
        """Forget the savepoint."""
        self.raw.execute("RELEASE use_case")

    async def create_function(self, *args: Any, **options: Any) -> None:
        self.raw.create_function(*args, **options)

    async def commit(self) -> None:
        self.raw.commit()

    async def rollback(self) -> None:
        self.raw.rollback()

    async def close(self) -> None:
        self.stop()

    def stop(self) -> None:
        """Close without waiting; also what the pool calls outside of the loop."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def engine_for(url: URL, begin: Begin, *, connections: int) -> AsyncEngine:
    """An engine whose connections stay open and start every transaction with ``begin``."""
    engine = create_async_engine(url, async_creator=_creator(url, begin), pool_size=connections, max_overflow=-1)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def open_file(path: str) -> sqlite3.Connection:
    """A raw connection with the pragmas that every file of ours has."""
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _creator(url: URL, begin: Begin) -> Callable[[], Awaitable[Any]]:
    path = url.database
    if not path or path == ":memory:":
        raise ValueError("a database of a service is a file")

    async def connect() -> InlineConnection:
        return InlineConnection(open_file(path), begin)

    return connect


def inline(connection: PoolProxiedConnection) -> InlineConnection:
    """Our connection under one of SQLAlchemy's pool."""
    return cast("InlineConnection", connection.driver_connection)


def _begin(connection: Connection) -> None:
    inline(connection.connection).begin()
