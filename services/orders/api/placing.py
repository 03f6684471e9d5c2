"""Orders that come while a transaction runs share the next one."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol, TypeVar

from services.contracts.errors import DomainError
from services.contracts.metrics import orders as declared
from services.kernel.database import Database
from services.kernel.uow import UnitOfWork
from services.orders.domain.checks import Limits
from services.orders.domain.order import Ticket
from services.orders.handlers.booking import Lay
from services.orders.handlers.placing import Apart, Placed, place
from services.runtime.metrics import Metrics

T = TypeVar("T")
MOST = 64
"""Orders placed in one use case at most."""
Outcome = Placed | DomainError
Waiting = tuple[Ticket, "asyncio.Future[Outcome]"]


class Giving(Protocol):
    """The way of messages to the broker."""

    def wake(self) -> None:
        """Something waits to be sent."""

    async def along(self, use_case: Callable[[UnitOfWork, Lay], Awaitable[T]]) -> T:
        """Run a use case in one transaction, and send what it lays down."""
        ...


class Placing:
    """Gathers tickets; one that the risk ledger refuses makes its neighbours be placed one by one."""

    def __init__(self, database: Database, limits: Limits, giving: Giving, metrics: Metrics) -> None:
        self._placed, self._refused = metrics.counter(declared.PLACED), metrics.counter(declared.REFUSED)
        self._database = database
        self._limits = limits
        self._giving = giving
        self._waiting: deque[Waiting] = deque()
        self._task: asyncio.Task[None] | None = None

    async def place(self, ticket: Ticket) -> Placed:
        """The ticket's order, once it is durable; DomainError with what refuses it."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((ticket, future))
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._work())
        outcome = await future
        if isinstance(outcome, DomainError):
            self._refused.inc(outcome.code)
            raise outcome
        if outcome.new:
            self._placed.inc(outcome.order.type, outcome.order.side)
        return outcome

    async def _work(self) -> None:
        while self._waiting:
            batch: list[Waiting] = []
            try:
                outcomes = await self._giving.along(partial(self._place_all, batch))
            except Apart:
                for waiting in batch:
                    await self._place_alone(waiting)
                self._giving.wake()
            except Exception as error:  # noqa: BLE001 (it is the callers' error: each is told)
                for _, future in batch or self._take():
                    told(future, error)
            else:
                for (_, future), outcome in zip(batch, outcomes, strict=True):
                    told(future, outcome)

    async def _place_all(self, batch: list[Waiting], uow: UnitOfWork, lay: Lay) -> list[Outcome]:
        """Take all that waits now that the transaction has begun."""
        batch += self._take()
        return await place(uow, self._limits, [ticket for ticket, _ in batch], lay)

    def _take(self) -> list[Waiting]:
        return [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST))]

    async def _place_alone(self, waiting: Waiting) -> None:
        ticket, future = waiting
        try:
            (outcome,) = await self._database.transact(place, self._limits, [ticket])
        except Exception as error:  # noqa: BLE001 (it is this caller's error alone)
            told(future, error)
        else:
            told(future, outcome)


def told(future: "asyncio.Future[Outcome]", outcome: Outcome | Exception) -> None:
    """Let a caller know, if it still waits."""
    if future.done():
        return
    if isinstance(outcome, Exception) and not isinstance(outcome, DomainError):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
