"""How messages get to the session: with the transaction that causes them, or from where they lie until it has time."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from services.fix.session import Exchange
from services.fix.transport import Endpoint, NotLoggedOnError
from services.kernel.bell import Bell
from services.kernel.lease import Lease, LeaseLost
from services.kernel.service import Service
from services.kernel.uow import UnitOfWork
from services.orders.domain.changes import Dispatch
from services.orders.gateway.requests import body_of, traced
from services.orders.gateway.session import NAME
from services.orders.gateway.telling import Telling
from services.orders.handlers import session
from services.orders.handlers.booking import Lay, lay_down

T = TypeVar("T")
BATCH = 500
"""Messages given to the session in one transaction at most."""
BUSY = 0.1
"""Seconds that an order waits for the session; after that it lies down."""


class Giving:
    """``endpoint`` is the session while this process has it, else None."""

    def __init__(self, service: Service, lease: Lease, telling: Telling) -> None:
        self.endpoint: Endpoint | None = None
        self.bell = Bell(service.cache, "orders:waiting", service.log)
        self._database = service.database
        self._log = service.log
        self._lease = lease
        self._telling = telling
        self._body_of = traced if service.settings.orders.fix_trace else body_of
        self._behind = True
        """Messages may lie there that go first."""

    def wake(self) -> None:
        """Something waits for the session."""
        self._behind = True
        self.bell.ring(here=self.endpoint is not None)

    async def along(self, use_case: Callable[[UnitOfWork, Lay], Awaitable[T]]) -> T:
        """Run a use case in one transaction, which gives its messages to the session as well.

        Where the session is busy, elsewhere or gone they lie until it can take them, and so do those that come after.
        """
        if self.endpoint is not None and self.endpoint.logged_on and not self._behind:
            try:
                outcome, given = await self._with(self.endpoint, use_case)
            except (LeaseLost, NotLoggedOnError) as why:
                self._log.info("an order lies down", why=str(why))
            else:
                self._telling.sent(given)
                return outcome
        outcome = await self._database.transact(use_case, lay_down)
        self.wake()
        return outcome

    async def relay(self, endpoint: Endpoint) -> None:
        """For life: give the session what lies, all of it at once, as soon as it lies there."""
        self.bell.ring(here=True)
        while True:
            await endpoint.wait_logged_on()
            await self.bell.heard()
            try:
                taken = await self._give(endpoint)
            except NotLoggedOnError:
                self.bell.ring(here=True)
                continue
            if len(taken) == BATCH:
                self.bell.ring(here=True)
            self._behind = self.bell.rung
            self._telling.sent(taken)

    async def _with(
        self, endpoint: Endpoint, use_case: Callable[[UnitOfWork, Lay], Awaitable[T]]
    ) -> tuple[T, list[Dispatch]]:
        done: list[tuple[T, list[Dispatch]]] = []

        async def run(exchange: Exchange) -> None:
            fence, transact = self._lease.fence, self._database.transact
            done.append(await transact(session.along, fence, NAME, exchange, self._body_of, use_case))

        await endpoint.run(run, BUSY)
        return done.pop()

    async def _give(self, endpoint: Endpoint) -> list[Dispatch]:
        taken: list[Dispatch] = []

        async def give(exchange: Exchange) -> None:
            fence, transact = self._lease.fence, self._database.transact
            taken.extend(await transact(session.give, fence, NAME, exchange, self._body_of, BATCH))

        await endpoint.run(give)
        return taken
