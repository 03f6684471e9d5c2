"""A server's connections: a few lanes for transactions, a few connections for reads, each opened when it is needed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Concatenate, ParamSpec, TypeVar

from asyncmy import errors
from sqlalchemy import URL, Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.lost import OutcomeUnknown
from services.kernel.mysql.driver import DEADLOCKS, Target
from services.kernel.mysql.packet import Packet
from services.kernel.mysql.session import WaitingConnection, connect, engine_for, told
from services.kernel.settings import Store

T = TypeVar("T")
P = ParamSpec("P")
SESSION = (
    "SET collation_connection='utf8mb4_0900_bin', time_zone='+00:00', autocommit=0, "
    "sql_mode='STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION', "
)
WRITES = SESSION + "transaction_isolation='READ-COMMITTED', innodb_lock_wait_timeout={lock_timeout}"
READS = SESSION + "transaction_isolation='REPEATABLE-READ', transaction_read_only=1"


class ServerLane:
    """A connection for transactions; autocommit is off, so that their first statement begins them."""

    cheap_savepoints = False

    def __init__(self, connection: WaitingConnection, name: str) -> None:
        self.connection = connection
        self._server = connection.server
        self._name = name

    @property
    def over(self) -> bool:
        """See Lane."""
        return self._server.ended is not None

    def may_repeat(self, times: int) -> bool:
        """See Lane: after any deadlock; once after a connection that was lost."""
        ended = self._server.ended
        return ended is not None and (ended.args[0] in DEADLOCKS or times == 1)

    async def begin(self) -> None:
        """See Lane."""
        self._server.ended = None

    async def commit(self) -> None:
        """See Lane."""
        if self._server.ended is not None:
            raise told(self._server.ended, "COMMIT")
        if not self._server.asked:
            await self.catch_up()  # what fails in this is not the commit
        if not self._server.asked:
            return
        try:
            await self._server.end("COMMIT")
        except errors.Error as error:
            if self._server.is_open:
                raise told(error, "COMMIT") from error
            self._server.ended = None
            raise OutcomeUnknown(self._name) from error

    async def rollback(self) -> None:
        """See Lane."""
        await self._server.back_out()

    async def catch_up(self) -> None:
        """See Lane."""
        if self._server.late:
            await self._say()

    async def savepoint(self) -> None:
        """See Lane."""
        await self._say("SAVEPOINT use_case")

    async def undo(self) -> None:
        """See Lane."""
        self._server.late = Packet()
        await self._say("ROLLBACK TO use_case")

    async def close(self) -> None:
        """See Lane."""
        await self.connection.close()

    async def _say(self, *statements: str) -> None:
        try:
            await self._server.query(*statements)
        except errors.Error as error:
            raise told(error, ";".join(statements)) from error


class Readers:
    """Connections for reads, so many at most."""

    def __init__(self, target: Target) -> None:
        self._engine = engine_for(target)
        self._room = asyncio.Semaphore(target.settings.readers)
        self._idle: list[WaitingConnection] = []

    @asynccontextmanager
    async def one(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose first question takes the snapshot for all that follow."""
        async with self._room:
            connection = self._idle.pop() if self._idle else await connect(self._engine)
            connection.server.ended = None
            try:
                yield connection
            finally:
                try:
                    await connection.server.back_out()
                finally:  # who is cancelled here has lost the server, and the connection opens itself anew
                    self._idle.append(connection)

    async def close(self) -> None:
        """Close those that are idle."""
        while self._idle:
            await self._idle.pop().close()
        await self._engine.dispose()


class ServerConnections:
    """A schema's connections."""

    def __init__(self, url: URL, settings: Store) -> None:
        self._url = url
        self._settings = settings
        self.lanes = settings.lanes
        self.pace = settings.pace
        self._writes = engine_for(Target(url, WRITES.format(lock_timeout=settings.lock_timeout), settings))
        self._readers = Readers(Target(url, READS, settings))

    async def lane(self) -> ServerLane:
        """See Connections."""
        return ServerLane(await connect(self._writes), self._url.database or "")

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """See Connections."""
        return self._readers.one()

    async def change_schema(
        self, change: Callable[Concatenate[Connection, P], T], *args: P.args, **options: P.kwargs
    ) -> T:
        """See Connections; each statement that changes the schema is a transaction of its own here."""
        engine = engine_for(Target(self._url, WRITES.format(lock_timeout=60), self._settings, patient=True))
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(change, *args, **options)
        finally:
            await engine.dispose()

    async def close(self) -> None:
        """See Connections."""
        await self._readers.close()
        await self._writes.dispose()
