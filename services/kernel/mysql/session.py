"""SQLAlchemy's connection without its greenlets: it prepares a statement and reads the result, here is waited between.

A greenlet a statement, and what the dialect does in it, costs half as much again as all the rest.
"""

from collections.abc import Sequence
from typing import Any, cast

from asyncmy import errors
from sqlalchemy import Connection, CursorResult, Executable, NullPool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util.concurrency import await_, in_greenlet

from services.kernel.connections import LAST, LATE, LaneConnection
from services.kernel.mysql.driver import ServerConnection, Target, rendered_at_once


class PreparingConnection(Connection):
    """Hands out the prepared statement where it would execute it, unless it may wait."""

    def _exec_single_context(self, dialect: Any, context: Any, statement: Any, parameters: Any) -> Any:
        if in_greenlet():
            return super()._exec_single_context(dialect, context, statement, parameters)
        return context


class WaitingConnection(LaneConnection):
    """An AsyncConnection whose statements are awaited by their caller."""

    server: ServerConnection
    """The server's connection underneath."""

    @property
    def proxied(self) -> Connection:
        """SQLAlchemy's synchronous connection."""
        return self._proxied

    async def execute(
        self, statement: Executable, parameters: Any = None, *, execution_options: Any = None
    ) -> CursorResult[*tuple[Any, ...]]:
        return await self._run(self._proxied.execute(statement, parameters, execution_options=execution_options))

    async def exec_driver_sql(
        self, statement: str, parameters: Any = None, execution_options: Any = None
    ) -> CursorResult[*tuple[Any, ...]]:
        return await self._run(self._proxied.exec_driver_sql(statement, parameters, execution_options))

    async def _run(self, context: Any) -> CursorResult[*tuple[Any, ...]]:
        """Execute what was prepared, or put it off."""
        late = context.execution_options.get(LATE)
        try:
            if late is not None:
                await context.cursor.put_off(context.statement, context.parameters, late)
            elif context.executemany:
                await context.cursor.run_many(context.statement, context.parameters)
            else:
                last = bool(context.execution_options.get(LAST))
                await context.cursor.run(context.statement, context.parameters[0], last=last)
        except errors.Error as error:
            raise told(error, context.statement) from error
        return result_of(context)

    async def execute_all(self, asked: Sequence[tuple[Executable, Any]]) -> list[CursorResult[*tuple[Any, ...]]]:
        contexts: list[Any] = [self._proxied.execute(*each) for each in asked]
        texts = [rendered_at_once(context.statement, context.parameters) for context in contexts]
        try:
            results = await self.server.query(*(text for text, _ in texts))
        except errors.Error as error:
            raise told(error, ";".join(context.statement for context in contexts)) from error
        for context, (_, count) in zip(contexts, texts, strict=True):
            context.cursor.take(results[:count])
            del results[:count]
        return [result_of(context) for context in contexts]


def result_of(context: Any) -> CursorResult[*tuple[Any, ...]]:
    """SQLAlchemy's result of what was executed."""
    context.post_exec()
    return cast("CursorResult[*tuple[Any, ...]]", context._setup_result_proxy())


def told(error: errors.Error, statement: str) -> DBAPIError:
    """The driver's error as SQLAlchemy's, without what was to be written: no secret may be in a log."""
    return cast("DBAPIError", DBAPIError.instance(statement, None, error, errors.Error))


def engine_for(target: Target) -> AsyncEngine:
    """An engine whose connections are opened in that session; whoever connects keeps the connection."""

    def create() -> ServerConnection:
        connection = ServerConnection(target)
        await_(connection.open())
        return connection

    engine = create_async_engine(target.url, creator=create, poolclass=NullPool, hide_parameters=True)
    engine.sync_engine._connection_cls = PreparingConnection
    return engine


async def connect(engine: AsyncEngine) -> WaitingConnection:
    """A connection to be kept."""
    connection = cast("WaitingConnection", await WaitingConnection(engine).start())
    connection.server = cast("ServerConnection", connection.proxied.connection.dbapi_connection)
    return connection
