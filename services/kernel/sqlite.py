"""SQLite under SQLAlchemy's aiosqlite dialect without aiosqlite: no thread, the statements run in the event loop.

A statement on a local file takes microseconds, a hop to a thread and back a hundred of them. The dialect is given
connections of the standard library in the place of those that it would adapt; as they never wait, SQLAlchemy's
greenlets, which are there for waiting and cost as much as a statement, are left out too.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Concatenate, Literal, ParamSpec, Self, TypeVar, cast

from sqlalchemy import (
    URL,
    Connection,
    CursorResult,
    Executable,
    NullPool,
    PoolProxiedConnection,
    RootTransaction,
    event,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from services.kernel.connections import LATE, LaneConnection, Repeat, Terms

BUSY_TIMEOUT = 1.0
"""Seconds that a statement, and so this process, waits for another process that writes; within this one none does."""
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-8000", "temp_store=MEMORY")
READERS = 4
"""Connections for reads that stay open."""
Begin = Literal["BEGIN", "BEGIN IMMEDIATE"]
T = TypeVar("T")
P = ParamSpec("P")


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

    def undo(self) -> None:
        """Undo what came after the savepoint."""
        self.execute("ROLLBACK TO use_case")

    def terminate(self) -> None:
        """What the pool does with a connection that nobody closed."""
        self.close()


class InlineConnection(LaneConnection):
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
        if execution_options and (terms := execution_options.get(LATE)):
            return self._now(statement, parameters, terms)
        return self._proxied.execute(statement, parameters)

    def _now(self, statement: Executable, parameters: Any, terms: Terms) -> CursorResult[*tuple[Any, ...]]:
        """Nothing is put off, for the way to a file is short."""
        try:
            result = self._proxied.execute(statement, parameters)
        except IntegrityError as error:
            if terms.rivals:
                raise Repeat from error
            raise
        if terms.one and result.rowcount != (len(parameters) if isinstance(parameters, list) else 1):
            raise terms.otherwise()
        return result

    async def exec_driver_sql(
        self, statement: str, parameters: Any = None, execution_options: Any = None
    ) -> CursorResult[*tuple[Any, ...]]:
        return self._proxied.exec_driver_sql(statement, parameters, execution_options)


class FileLane:
    """The file's one writer."""

    cheap_savepoints = True

    def __init__(self, connection: InlineConnection) -> None:
        self.connection = connection
        self._file = connection.file
        self._transaction: RootTransaction | None = None

    @property
    def over(self) -> bool:
        """See Lane: a full disk ends a transaction."""
        return not self._file.in_transaction

    def may_repeat(self, _: int) -> bool:
        """See Lane: what ends a file's transaction would end the next one too."""
        return False

    async def begin(self) -> None:
        """See Lane."""
        self._transaction = self.connection.inline.begin()

    async def commit(self) -> None:
        """See Lane."""
        if self.over:
            raise OSError("the transaction was ended by the database, and a use case went on all the same")
        if self._transaction is not None:
            self._transaction.commit()

    async def rollback(self) -> None:
        """See Lane."""
        if self._transaction is not None:
            self._transaction.rollback()

    async def catch_up(self) -> None:
        """See Lane: nothing was put off."""

    async def savepoint(self) -> None:
        """See Lane."""
        self._file.savepoint()

    async def undo(self) -> None:
        """See Lane."""
        self._file.undo()

    async def close(self) -> None:
        """See Lane."""
        await self.connection.close()


class FileConnections:
    """A file's connections."""

    lanes = 1
    pace = 0.0

    def __init__(self, url: URL) -> None:
        self._writes = engine_for(url, "BEGIN IMMEDIATE")
        self._reads = engine_for(url, "BEGIN")
        # No pool: its way in and out costs more than a question does.
        self._idle: list[InlineConnection] = []
        self._closed = False

    async def lane(self) -> FileLane:
        """See Connections."""
        return FileLane(await connect(self._writes))

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """See Connections."""
        connection = self._idle.pop() if self._idle else await connect(self._reads)
        try:
            yield connection
        finally:
            connection.inline.rollback()
            if len(self._idle) < READERS and not self._closed:
                self._idle.append(connection)
            else:
                await connection.close()

    async def change_schema(
        self, change: Callable[Concatenate[Connection, P], T], *args: P.args, **options: P.kwargs
    ) -> T:
        """See Connections; here it is one transaction."""
        async with self._writes.begin() as connection:
            return await connection.run_sync(change, *args, **options)

    async def close(self) -> None:
        """See Connections."""
        self._closed = True
        for connection in self._idle:
            await connection.close()
        self._idle.clear()
        await asyncio.gather(self._writes.dispose(), self._reads.dispose())


def engine_for(url: URL, begin: Begin) -> AsyncEngine:
    """An engine that starts every transaction with ``begin``; whoever connects keeps the connection."""
    if not url.database or url.database == ":memory:":
        raise ValueError("a database of a service is a file")
    connect = partial(_connect, url.database, begin)
    engine = create_async_engine(url, creator=connect, poolclass=NullPool, hide_parameters=True)
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
