"""A service's database: transactions for use cases, connections for reads."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import URL, Connection, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.clock import Clock
from services.kernel.connections import Connections
from services.kernel.marks import Marks
from services.kernel.replica import Replica
from services.kernel.settings import Store
from services.kernel.uow import Publishes, UnitOfWork
from services.kernel.writer import Writer
from services.runtime.instruments import Instrument

T = TypeVar("T")
P = ParamSpec("P")
IMPATIENCE = {"connect_timeout": 0.5, "statement_timeout": 1.0}
"""Settings for a replica: where it is slow the primary is asked."""


class Holding(Protocol):
    """A lease, as it is measured."""

    name: str

    @property
    def held(self) -> bool: ...


class Database:
    """``sqlite+aiosqlite:///FILE`` or ``mysql+asyncmy://USER:PASSWORD@HOST:PORT/SCHEMA``.

    Reads see what was committed before they began.
    """

    def __init__(self, url: str, clock: Clock, publishes: Publishes = None, settings: Store | None = None) -> None:
        self.url = make_url(url)
        self._listeners: list[Callable[[], None]] = []
        self.told = 0
        """Transactions of this process that have left events."""
        self._settings = settings or Store()
        self._connections = connections_for(self.url, self._settings)
        self.replica: Replica | None = None
        self._writer = Writer(self._connections, clock, self._tell, publishes)
        self.leases: list[Holding] = []
        """Those that are kept in it."""

    async def transact(
        self, use_case: Callable[Concatenate[UnitOfWork, P], Awaitable[T]], *args: P.args, **options: P.kwargs
    ) -> T:
        """Run a use case in one transaction; what it returns comes once that is durable.

        It may run more than once, of which one counts: what it changes outside of the database waits for the answer.
        """

        async def run(uow: UnitOfWork) -> T:
            return await use_case(uow, *args, **options)

        return await self._writer.run(run)

    @property
    def instruments(self) -> Sequence[Instrument]:
        """What its transactions are measured by."""
        return self._writer.instruments

    @property
    def pace(self) -> float:
        """Seconds from the begin of a consumer's transaction to its next: what comes meanwhile shares that one."""
        return self._connections.pace

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection for reads, on one snapshot."""
        return self._connections.reading()

    async def read_of(
        self,
        user_id: str,
        query: Callable[Concatenate[AsyncConnection, P], Awaitable[T]],
        *args: P.args,
        **options: P.kwargs,
    ) -> T:
        """What a query finds for an answer to this user, who sees what was written of him before.

        On the replica, if there is one: nothing may be decided by it. The query may run twice, of which one counts.
        """
        if self.replica is None:
            async with self.reading() as connection:
                return await query(connection, *args, **options)

        async def ask(connection: AsyncConnection) -> T:
            return await query(connection, *args, **options)

        return await self.replica.read(user_id, ask)

    def read_from(self, url: str, marks: Marks) -> None:
        """Have a replica at this URL from now on."""
        quick = self._settings.model_copy(update=IMPATIENCE)
        self.replica = Replica(connections_for(make_url(url), quick), self.reading, marks)
        self._writer.marks = marks

    def on_events(self, listener: Callable[[], None]) -> None:
        """Call something whenever events were committed: the relay."""
        self._listeners.append(listener)

    def before_commit(self, work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        """Have something done in each transaction, besides what it is for."""
        self._writer.riders.append(work)

    async def check(self) -> None:
        """Raise when the database does not answer."""
        async with self.reading() as connection:
            await connection.execute(text("SELECT 1"))

    async def change_schema(
        self, change: Callable[Concatenate[Connection, P], T], *args: P.args, **options: P.kwargs
    ) -> T:
        """Run a migration, with SQLAlchemy's synchronous connection."""
        return await self._connections.change_schema(change, *args, **options)

    async def close(self) -> None:
        """Finish the transactions that wait, then close every connection."""
        await self._writer.close()
        if self.replica is not None:
            await self.replica.close()
        await self._connections.close()

    def _tell(self) -> None:
        self.told += 1
        for listener in self._listeners:
            listener()


def connections_for(url: URL, settings: Store) -> Connections:
    """The URL decides the kind; a kind's modules are imported when it is asked for."""
    match url.get_backend_name():
        case "sqlite":
            from services.kernel.sqlite import FileConnections

            return FileConnections(url)
        case "mysql":
            from services.kernel.mysql.server import ServerConnections

            return ServerConnections(url, settings)
    raise ValueError(f"no database is known for {url.drivername}://")
