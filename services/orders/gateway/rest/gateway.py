"""The gateway's loops by REST: give what waits, follow the record, end what cannot leave.

Of several processes one does so at a time, as by FIX: the holder of the lease, which each transaction checks.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from services.kernel.lease import Lease
from services.kernel.lost import is_lost
from services.kernel.peers import PeerUnavailable
from services.kernel.service import Service
from services.orders.domain.explaining import Facts
from services.orders.gateway import adopting, executions
from services.orders.gateway.patrol import Patrol
from services.orders.gateway.rest.giving import Giving
from services.orders.gateway.rest.record import Record
from services.orders.gateway.rest.requests import SENDER
from services.orders.gateway.telling import Telling
from services.orders.handlers import session

PAUSE = 0.5
"""Seconds that a lost part is left alone."""


class RestGateway:
    """The broker by REST (``orders.broker=rest``)."""

    name = "broker"

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lease = Lease(service.database, "fix", service.log)
        telling = self._telling = Telling(service)
        self._record = Record(service, self._lease, telling)
        self.giving = Giving(service, self._lease, telling, self._record.look)
        """What the rest of the service asks of the broker goes by it."""
        self._patrol = Patrol(service, telling, self.giving.bell)

    async def facts(self, exec_ids: Sequence[str]) -> dict[str, Facts]:
        """What the broker's own record has of executions, by their ids."""
        return await executions.named(self._service.peers["broker.http"], exec_ids)

    async def adopt(self) -> dict[str, list[str]]:
        """Take over the orders that the broker's record has and we lack; their ids, and those that were refused."""
        return await adopting.adopt(self._service, self._telling, SENDER)

    async def connected(self) -> str | None:
        """Readiness: why no order reaches the broker now."""
        if not self._lease.held:
            return None if self._lease.elsewhere else "no process speaks with the broker"
        return self._record.lost

    async def settled(self) -> dict[str, object]:
        """Messages that wait for the broker, and what was not read of his record."""
        async with self._service.database.reading() as connection:
            waiting = await session.count_waiting(connection)
        try:
            unread = await self._record.unread()
        except PeerUnavailable:
            unread = 1
        return {"unsent": waiting, "unfetched": unread}

    async def run(self) -> None:
        """For life: speak with the broker whenever the lease is held."""
        await self._lease.run(self._hold)

    async def _hold(self) -> None:
        async with asyncio.TaskGroup() as loops:
            loops.create_task(self.giving.bell.listen())
            for loop in (self.giving.relay, self._record.follow, self._patrol.walk):
                loops.create_task(self._outlasting(loop))

    async def _outlasting(self, loop: Callable[[], Awaitable[None]]) -> None:
        """A loop for life, begun anew when something is lost that it needs."""
        while True:
            try:
                await loop()
            except Exception as error:
                if not (isinstance(error, PeerUnavailable) or is_lost(error)):
                    raise
                self._service.log.warning("gateway waits", error=str(error))
                await asyncio.sleep(PAUSE)
