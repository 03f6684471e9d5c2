"""How messages get to the broker: from where they lie, in the order in which each order's were laid down."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import groupby
from typing import TypeVar

from services.kernel.bell import Bell
from services.kernel.lease import Lease
from services.kernel.peers import Peer
from services.kernel.service import Service
from services.kernel.uow import UnitOfWork
from services.orders.domain.changes import Dispatch
from services.orders.domain.reports import Report
from services.orders.gateway.rest.requests import ask
from services.orders.gateway.telling import Telling
from services.orders.handlers import rest
from services.orders.handlers.booking import Lay, lay_down
from services.runtime.killpoints import reach

T = TypeVar("T")
BATCH = 64
"""Messages under way at a time, at most."""


class Giving:
    """``given`` is called when the broker has something new to report of."""

    def __init__(self, service: Service, lease: Lease, telling: Telling, given: Callable[[], None]) -> None:
        self.bell = Bell(service.cache, "orders:waiting", service.log)
        self._database = service.database
        self._clock = service.clock
        self._broker: Peer = service.peers["broker.http"]
        self._lease = lease
        self._telling = telling
        self._given = given

    def wake(self) -> None:
        """Something waits for the broker."""
        self.bell.ring(here=self._lease.held)

    async def along(self, use_case: Callable[[UnitOfWork, Lay], Awaitable[T]]) -> T:
        """Run a use case in one transaction; its messages lie down with it."""
        outcome = await self._database.transact(use_case, lay_down)
        self.wake()
        return outcome

    async def relay(self) -> None:
        """For life: give what lies, all of it, as soon as it lies there."""
        self.bell.ring(here=True)
        while True:
            await self.bell.heard()
            while waiting := await self._database.transact(rest.take, self._lease.fence, BATCH):
                await self._give(waiting)

    async def _give(self, waiting: Sequence[rest.Waiting]) -> None:
        """Each order's messages one after the other, those of different orders side by side."""
        rows = sorted(waiting, key=lambda each: (each[1].order.order_id, each[0]))
        orders = [list(group) for _, group in groupby(rows, key=lambda each: each[1].order.order_id)]
        outcomes = await asyncio.gather(*map(self._give_in_turn, orders), return_exceptions=True)
        self._given()
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def _give_in_turn(self, rows: Iterable[rest.Waiting]) -> None:
        for row, dispatch in rows:
            reach("rest.before_send")
            refused = await ask(self._broker, dispatch, self._clock.now())
            reach("rest.after_answer")
            await self._done(row, dispatch, refused)

    async def _done(self, row: int, dispatch: Dispatch, refused: Report | None) -> None:
        reports = [refused] if refused else []
        reported = await self._database.transact(rest.given, self._lease.fence, row, reports)
        self._telling.sent([dispatch])
        self._telling.reported(reported.told)
