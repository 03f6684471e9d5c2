"""A service's database: transactions for use cases, connections for reads."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.clock import Clock
from services.kernel.sqlite import InlineConnection, connect, engine_for
from services.kernel.uow import Publishes, UnitOfWork
from services.kernel.writer import Writer

T = TypeVar("T")
P = ParamSpec("P")
READERS = 4
"""Connections for reads that stay open."""


class Database:
    """``sqlite+aiosqlite:///FILE``; reads see what was committed before they began."""

    def __init__(self, url: str, clock: Clock, publishes: Publishes = None) -> None:
        self.url = make_url(url)
        if self.url.get_backend_name() != "sqlite":
            raise ValueError(f"no database is known for {self.url.drivername}://")
        self._listeners: list[Callable[[], None]] = []
        self._writes = engine_for(self.url, "BEGIN IMMEDIATE")
        self._reads = engine_for(self.url, "BEGIN")
        # No pool: its way in and out costs more than a question does.
        self._idle: list[InlineConnection] = []
        self._closed = False
        self._writer = Writer(self._writes, clock, self._tell, publishes)

    async def transact(
        self, use_case: Callable[Concatenate[UnitOfWork, P], Awaitable[T]], *args: P.args, **options: P.kwargs
    ) -> T:
        """Run a use case in one transaction; what it returns comes once that is durable."""

        async def run(uow: UnitOfWork) -> T:
            return await use_case(uow, *args, **options)

        return await self._writer.run(run)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reads, on one snapshot."""
        connection = self._idle.pop() if self._idle else await connect(self._reads)
        try:
            yield connection
        finally:
            connection.inline.rollback()
            if len(self._idle) < READERS and not self._closed:
                self._idle.append(connection)
            else:
                await connection.close()

    def on_events(self, listener: Callable[[], None]) -> None:
        """Call something whenever events were committed: the relay."""
        self._listeners.append(listener)

    async def check(self) -> None:
        """Raise when the database does not answer."""
        async with self.reading() as connection:
            await connection.execute(text("SELECT 1"))

    async def change_schema(self, change: Callable[..., T], *args: object) -> T:
        """Run a migration, with SQLAlchemy's synchronous connection, in one transaction."""
        async with self._writes.begin() as connection:
            return await connection.run_sync(change, *args)

    async def close(self) -> None:
        """Finish the transactions that wait, then close every connection."""
        self._closed = True
        await self._writer.close()
        for connection in self._idle:
            await connection.close()
        self._idle.clear()
        await asyncio.gather(self._writes.dispose(), self._reads.dispose())

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
