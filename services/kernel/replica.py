"""Reads of a read-only replica, for users whose last write it has; everything else reads the primary."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.metrics import service as declared
from services.kernel.breaker import Breaker
from services.kernel.connections import Connections
from services.kernel.lost import is_lost
from services.kernel.marks import Marks
from services.runtime.instruments import Counter

T = TypeVar("T")
Reading = Callable[[], AbstractAsyncContextManager[AsyncConnection]]
Query = Callable[[AsyncConnection], Awaitable[T]]

DONE = text("SELECT @@GLOBAL.gtid_executed")
HAS = text("SELECT GTID_SUBSET(:transactions, @@GLOBAL.gtid_executed)")
LACKS = text("SELECT WAIT_FOR_EXECUTED_GTID_SET(:transactions, 0.5)")
"""1 when it lacks some of them even after half a second."""


class Replica:
    """``check`` is its condition for /ready."""

    def __init__(self, connections: Connections, primary: Reading, marks: Marks) -> None:
        self._connections = connections
        self.primary = primary
        self._breaker = Breaker(failures=1)
        self.marks = marks
        self.reads = Counter(declared.REPLICA_READS)
        self._log = marks.log

    async def read(self, user_id: str, query: Query[T]) -> T:
        """What the query finds where this user may read; what the replica does not have the primary may."""
        epoch = await self.marks.of(user_id)
        if epoch is not None and epoch.transactions is not None:
            answer = await self._ask(epoch.transactions, query)
            if answer is not None:
                self.reads.inc("replica")
                return answer
            epoch = None  # the mark stays: it is as good as before
        self.reads.inc("primary")
        async with self.primary() as connection:
            if epoch is not None:
                await self.marks.set(user_id, epoch.name, (await connection.execute(DONE)).scalar_one())
            return await query(connection)

    async def check(self) -> str | None:
        """Whether it answers and follows the primary."""
        async with self.primary() as connection:
            done = (await connection.execute(DONE)).scalar_one()
        async with self._connections.reading() as connection:
            lacks = (await connection.execute(LACKS, {"transactions": done})).scalar_one()
        return "it is behind the primary" if lacks else None

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection to it."""
        return self._connections.reading()

    async def close(self) -> None:
        """Close its connections."""
        await self._connections.close()

    async def _ask(self, transactions: str, query: Query[T]) -> T | None:
        """The replica's answer; none when it is lost, or behind the mark."""
        if not self._breaker.admits():
            return None
        try:
            async with self._connections.reading() as connection:
                has = (await connection.execute(HAS, {"transactions": transactions})).scalar_one()
                answer = await query(connection) if has else None
        except Exception as error:
            if not is_lost(error):
                raise
            self._breaker.failed()
            self._log.warning("the replica is lost: the primary is read", error=str(error))
            return None
        self._breaker.succeeded()
        return answer
