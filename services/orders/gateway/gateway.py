"""The gateway's loops: keep the session up, give it what waits, end what cannot leave.

Of several processes one has the session at a time: the holder of the lease, whose token each transaction of the session
checks. The others take orders all the same, and tell the holder that something waits.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar
from urllib.parse import urlsplit

from services.fix.session import Exchange
from services.fix.transport import Endpoint, Initiator, NotLoggedOnError
from services.kernel.bell import Bell
from services.kernel.lease import Lease, LeaseLost
from services.kernel.lost import is_lost
from services.kernel.service import Service
from services.kernel.uow import UnitOfWork
from services.orders.domain.changes import Dispatch
from services.orders.gateway.recovery import Recovery
from services.orders.gateway.requests import body_of
from services.orders.gateway.session import NAME, SETTINGS, FixApplication
from services.orders.gateway.telling import SECOND, Telling
from services.orders.handlers import reporting, session
from services.orders.handlers.booking import Lay, lay_down
from services.runtime import patience
from services.runtime.clock import wall
from services.runtime.killpoints import reach

T = TypeVar("T")
BATCH = 500
"""Messages given to the session in one transaction at most."""
PATROL = 1.0
"""Seconds between looks for what was not sent in time."""
PAUSE = 0.5
"""Seconds that a lost part is left alone."""
BUSY = 0.1
"""Seconds that an order waits for the session; after that it lies down."""
HEARTBEAT = 5
"""Seconds; a holder that sleeps has lost the session, for the next one to take, after 2.4 times as many."""
POINTS = {"fix.send.before": "fix.after_commit", "fix.send.after": "fix.after_wire"}


class Gateway:
    """One FIX session with the broker (DESIGN.md, The life of an order)."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lease = Lease(service.database, "fix")
        self._telling = Telling(service)
        self._bell = Bell(service.cache, "orders:waiting")
        self._recovery: Recovery | None = None
        self._endpoint: Endpoint | None = None
        """None while another process has the session."""
        self._behind = True
        """Messages may lie there that go first."""

    def wake(self) -> None:
        """Something waits for the session."""
        self._behind = True
        self._bell.ring(here=self._endpoint is not None)

    async def along(self, use_case: Callable[[UnitOfWork, Lay], Awaitable[T]]) -> T:
        """Run a use case in one transaction, which gives its messages to the session as well.

        Where the session is busy, elsewhere or gone they lie until it can take them, and so do those that come after.
        """
        endpoint, transact = self._endpoint, self._service.database.transact
        if endpoint is not None and endpoint.logged_on and not self._behind:
            done: list[tuple[T, list[Dispatch]]] = []

            async def run(exchange: Exchange) -> None:
                fence = self._lease.fence
                done.append(await transact(session.along, fence, NAME, exchange, body_of, use_case))

            try:
                await endpoint.run(run, BUSY)
            except (LeaseLost, NotLoggedOnError):
                self._service.log.info("the session is no longer here to take an order")
            else:
                outcome, given = done.pop()
                self._telling.sent(given)
                return outcome
        outcome = await transact(use_case, lay_down)
        self.wake()
        return outcome

    async def connected(self) -> str | None:
        """Readiness: why no order reaches the broker now."""
        if self._endpoint is None:
            return None if self._lease.elsewhere else "no process has the FIX session"
        return None if self._endpoint.logged_on else "no FIX session with the broker"

    async def settled(self) -> dict[str, object]:
        """Messages that wait for the session, orders of which something is to be fetched, and the session's numbers."""
        async with self._service.database.reading() as connection:
            waiting = await session.count_waiting(connection)
            numbers = await session.numbers(connection, NAME)
        missing = self._recovery.missing if self._recovery else 0
        return {"unsent": waiting, "unfetched": missing, "numbers": numbers._asdict()}

    async def run(self) -> None:
        """For life: have the session whenever the lease is held."""
        await self._lease.run(self._hold)

    async def _hold(self) -> None:
        """Begin with the numbers as the holder before has left them."""
        recovery = self._recovery = Recovery(self._service, self._telling, self._lease.fence)
        application = FixApplication(self._service, self._telling, self._lease.fence, recovery.ask, recovery.fetch)
        settings = replace(SETTINGS, heart_bt_int=int(patience.stretched(HEARTBEAT)))
        endpoint = self._endpoint = Endpoint(settings, application, kill_point=lambda name: reach(POINTS[name]))
        address = urlsplit(self._service.resources.urls["broker.fix"])
        try:
            async with Initiator(endpoint, address.hostname or "", address.port or 0):
                await self._work(endpoint, recovery)
        finally:
            self._endpoint = self._recovery = None

    async def _work(self, endpoint: Endpoint, recovery: Recovery) -> None:
        try:
            async with asyncio.TaskGroup() as loops:
                loops.create_task(self._bell.listen())
                for loop in (self._relay, recovery.keep_asking, recovery.keep_fetching):
                    loops.create_task(self._outlasting(loop, endpoint))
                loops.create_task(self._outlasting(self._patrol, endpoint))
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

    async def _relay(self, endpoint: Endpoint) -> None:
        """Give the session what waits, all of it at once, as soon as it waits."""
        self._bell.ring(here=True)
        while True:
            await endpoint.wait_logged_on()
            await self._bell.heard()
            try:
                taken = await self._give(endpoint)
            except NotLoggedOnError:
                self._bell.ring(here=True)
                continue
            if len(taken) == BATCH:
                self._bell.ring(here=True)
            self._behind = self._bell.rung
            self._telling.sent(taken)

    async def _give(self, endpoint: Endpoint) -> list[Dispatch]:
        taken: list[Dispatch] = []

        async def give(exchange: Exchange) -> None:
            fence, transact = self._lease.fence, self._service.database.transact
            taken.extend(await transact(session.give, fence, NAME, exchange, body_of, BATCH))

        await endpoint.run(give)
        return taken

    async def _patrol(self, _: Endpoint) -> None:
        """End what no session took in time, and look whether a message waits that nobody announced."""
        while True:
            await asyncio.sleep(PATROL)
            too_long = int(patience.stretched(self._service.settings.orders.not_sent_after) * SECOND)
            async with self._service.database.reading() as connection:
                oldest = await session.oldest_waiting(connection)
            if oldest is None:
                continue
            self._bell.ring(here=True)
            if oldest < wall() - too_long:
                ended = await self._service.database.transact(reporting.give_up, wall() - too_long)
                self._telling.reported(ended.told)
