"""The gateway's loops: keep the session up, give it what waits, end what cannot leave.

Of several processes one has the session at a time: the holder of the lease, whose token each transaction of the session
checks. The others take orders all the same, and tell the holder that something waits.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from services.fix.transport import Endpoint, Initiator
from services.kernel.lease import Lease
from services.kernel.lost import is_lost
from services.kernel.service import Service
from services.orders.domain.explaining import Facts
from services.orders.gateway import adopting, executions, figures
from services.orders.gateway.giving import Giving
from services.orders.gateway.patrol import Patrol
from services.orders.gateway.recovery import Recovery
from services.orders.gateway.session import NAME, SETTINGS, FixApplication
from services.orders.gateway.telling import Telling
from services.orders.handlers import session
from services.runtime import patience
from services.runtime.killpoints import reach

PAUSE = 0.5
"""Seconds that a lost part is left alone."""
HEARTBEAT = 5
"""Seconds; a holder that sleeps has lost the session, for the next one to take, after 2.4 times as many."""
POINTS = {"fix.send.before": "fix.after_commit", "fix.send.after": "fix.after_wire"}


class Gateway:
    """One FIX session with the broker (DESIGN.md, The life of an order)."""

    name = "fix"

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lease = Lease(service.database, "fix", service.log)
        self._telling = Telling(service)
        self.giving = Giving(service, self._lease, self._telling)
        """What the rest of the service asks of the broker goes by it."""
        self._patrol = Patrol(service, self._telling, self.giving.bell)
        self._recovery: Recovery | None = None
        figures.measure(service, lambda: self.giving.endpoint, self._missing)

    async def facts(self, exec_ids: Sequence[str]) -> dict[str, Facts]:
        """What the broker's own record has of executions, by their ids."""
        return await executions.named(self._service.peers["broker.http"], exec_ids)

    async def adopt(self) -> dict[str, list[str]]:
        """Take over the orders that the broker's record has and we lack; their ids, and those that were refused."""
        return await adopting.adopt(self._service, self._telling, executions.SENDER)

    async def connected(self) -> str | None:
        """Readiness: why no order reaches the broker now."""
        endpoint = self.giving.endpoint
        if endpoint is None:
            return None if self._lease.elsewhere else "no process has the FIX session"
        return None if endpoint.logged_on else "no FIX session with the broker"

    async def settled(self) -> dict[str, object]:
        """Messages that wait for the session, orders of which something is to be fetched, and the session's numbers."""
        async with self._service.database.reading() as connection:
            waiting = await session.count_waiting(connection)
            numbers = await session.numbers(connection, NAME)
        return {"unsent": waiting, "unfetched": self._missing(), "numbers": numbers._asdict()}

    def _missing(self) -> int:
        return self._recovery.missing if self._recovery else 0

    async def run(self) -> None:
        """For life: have the session whenever the lease is held."""
        await self._lease.run(self._hold)

    async def _hold(self) -> None:
        """Begin with the numbers as the holder before has left them."""
        recovery = self._recovery = Recovery(self._service, self._telling, self._lease.fence)
        application = FixApplication(self._service, self._telling, self._lease.fence, recovery.ask, recovery.fetch)
        settings = replace(SETTINGS, heart_bt_int=int(patience.stretched(HEARTBEAT)))
        endpoint = self.giving.endpoint = Endpoint(settings, application, kill_point=lambda name: reach(POINTS[name]))
        address = urlsplit(self._service.resources.urls["broker.fix"])
        try:
            async with Initiator(endpoint, address.hostname or "", address.port or 0):
                await self._work(endpoint, recovery)
        finally:
            self.giving.endpoint = self._recovery = None

    async def _work(self, endpoint: Endpoint, recovery: Recovery) -> None:
        try:
            async with asyncio.TaskGroup() as loops:
                loops.create_task(self.giving.bell.listen())
                for loop in (self.giving.relay, recovery.keep_asking, recovery.keep_fetching):
                    loops.create_task(self._outlasting(loop, endpoint))
                loops.create_task(self._outlasting(lambda _: self._patrol.walk(), endpoint))
        finally:
            if not self._lease.held:
                endpoint.drop()  # without a word, for the session is another's

    async def _outlasting(self, loop: Callable[[Endpoint], Awaitable[None]], endpoint: Endpoint) -> None:
        """A loop for life, begun anew when something is lost that it needs."""
        while True:
            try:
                await loop(endpoint)
            except Exception as error:
                if not is_lost(error):
                    raise
                self._service.log.warning("gateway waits", error=str(error))
                await asyncio.sleep(PAUSE)
