"""Takes what waits in a queue and applies it in one transaction, each event once.

An event that its handler refuses is tried again by itself, later and later, and at last set aside; a database or a
peer that is lost only makes the consumer wait.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from services.contracts.envelope import Envelope
from services.contracts.event import Event
from services.kernel.broker import Broker
from services.kernel.database import Database
from services.kernel.uow import UnitOfWork

Handler = Callable[[UnitOfWork, Any, Envelope], Awaitable[None]]
"""``async def on_fill(uow: UnitOfWork, event: OrderFilled, envelope: Envelope)``: applies one event."""
BatchHandler = Callable[[UnitOfWork, Sequence[tuple[Event, Envelope]]], Awaitable[None]]
"""Applies all new events of a transaction at once, in their order; alone if one of them failed before."""
Handlers = Mapping[type[Event], Handler]

BATCH = 200
"""Events applied in one transaction at most."""
TRIES = 5
"""Times that an event is tried before it is set aside."""


class Consumer:
    """One queue's consumer; ``run`` is a loop for life.

    ``ordered`` names the aggregates (base classes of events) whose events are applied in their order; the queue must
    then be for all of their events.
    """

    def __init__(
        self,
        database: Database,
        broker: Broker,
        queue: str,
        handlers: Handlers | BatchHandler,
        ordered: tuple[type[Event], ...] = (),
    ) -> None:
        self._database = database
        self._broker = broker
        self._queue = queue
        self._handlers = handlers
        self._ordered = ordered
        self.lost: str | None = None
        """What the consumer waits for to come back."""

    async def run(self) -> None:
        """Consume for life."""
        raise RuntimeError
