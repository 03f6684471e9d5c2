"""The gateway's loops: keep the session up, give it what waits, end what cannot leave."""

import asyncio
from urllib.parse import urlsplit

from services.fix.session import Exchange
from services.fix.transport import Endpoint, Initiator, NotLoggedOnError
from services.kernel.service import Service
from services.orders.domain.changes import Dispatch
from services.orders.gateway.recovery import Recovery
from services.orders.gateway.requests import body_of
from services.orders.gateway.session import NAME, SETTINGS, FixApplication
from services.orders.gateway.telling import SECOND, Telling
from services.orders.handlers import reporting, session
from services.runtime.clock import wall
from services.runtime.killpoints import reach

BATCH = 500
"""Messages given to the session in one transaction at most."""
PATROL = 1.0
"""Seconds between looks for what was not sent in time."""
POINTS = {"fix.send.before": "fix.after_commit", "fix.send.after": "fix.after_wire"}


class Gateway:
    """One FIX session with the broker (DESIGN.md, The life of an order)."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._telling = Telling(service)
        self._recovery = Recovery(service, self._telling)
        application = FixApplication(service, self._telling, self._recovery.ask, self._recovery.fetch)
        self._endpoint = Endpoint(SETTINGS, application, kill_point=lambda name: reach(POINTS[name]))
        self._waiting = asyncio.Event()

    def wake(self) -> None:
        """Something waits for the session."""
        self._waiting.set()

    async def connected(self) -> str | None:
        """Readiness: why no order reaches the broker now."""
        return None if self._endpoint.logged_on else "no FIX session with the broker"

    async def settled(self) -> dict[str, object]:
        """Messages that wait for the session, and orders of which something is to be fetched."""
        async with self._service.database.reading() as connection:
            waiting = await session.count_waiting(connection)
        return {"unsent": waiting, "unfetched": self._recovery.missing}

    async def run(self) -> None:
        """For life."""
        address = urlsplit(self._service.resources.urls["broker.fix"])
        async with Initiator(self._endpoint, address.hostname or "", address.port or 0), asyncio.TaskGroup() as loops:
            loops.create_task(self._relay())
            loops.create_task(self._patrol())
            loops.create_task(self._recovery.keep_asking(self._endpoint))
            loops.create_task(self._recovery.keep_fetching())

    async def _relay(self) -> None:
        """Give the session what waits, all of it at once, as soon as it waits."""
        self.wake()
        while True:
            await self._endpoint.wait_logged_on()
            await self._waiting.wait()
            self._waiting.clear()
            try:
                taken = await self._give()
            except NotLoggedOnError:
                self.wake()
                continue
            if len(taken) == BATCH:
                self.wake()
            self._telling.sent(taken)

    async def _give(self) -> list[Dispatch]:
        taken: list[Dispatch] = []

        async def give(exchange: Exchange) -> None:
            taken.extend(await self._service.database.transact(session.give, NAME, exchange, body_of, BATCH))

        await self._endpoint.run(give)
        return taken

    async def _patrol(self) -> None:
        """End what no session took in time, and look whether a message waits that nobody announced."""
        patience = int(self._service.settings.orders.not_sent_after * SECOND)
        while True:
            await asyncio.sleep(PATROL)
            async with self._service.database.reading() as connection:
                oldest = await session.oldest_waiting(connection)
            if oldest is None:
                continue
            self.wake()
            if oldest < wall() - patience:
                ended = await self._service.database.transact(reporting.give_up, wall() - patience)
                self._telling.reported(ended.told)
