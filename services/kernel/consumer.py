"""Takes what waits in a queue and applies it in one transaction, each event once.

An event that its handler refuses is tried again by itself, later and later, and at last set aside; a database or a
peer that is lost only makes the consumer wait.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from services.contracts.envelope import Envelope
from services.contracts.event import Event
from services.contracts.metrics import service as declared
from services.kernel.broker import Broker, Delivery, Queue
from services.kernel.database import Database
from services.kernel.inbox import Inbox
from services.kernel.lost import is_lost
from services.kernel.retries import Retries
from services.kernel.uow import UnitOfWork
from services.runtime import log, trace
from services.runtime.clock import wall
from services.runtime.instruments import Counter, Histogram
from services.runtime.killpoints import reach

Handler = Callable[[UnitOfWork, Any, Envelope], Awaitable[None]]
"""``async def on_fill(uow: UnitOfWork, event: OrderFilled, envelope: Envelope)``: applies one event."""


@dataclass(frozen=True)
class Together:
    """A handler that takes all neighbouring events that it is for at once, in their order, to book them in bulk."""

    apply: Callable[[UnitOfWork, Sequence[tuple[Any, Envelope]]], Awaitable[None]]


Handlers = Mapping[type[Event], Handler | Together]

BATCH = 200
"""Events applied in one transaction at most."""
SECOND = 1_000_000
PAUSE = 0.5
"""Seconds that a lost part is left alone."""
PRUNE_EVERY = 600.0
"""Seconds."""


KEPT = -1
"""Tag of an event that came early and was acknowledged: the inbox keeps it, no queue does."""


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
        handlers: Handlers,
        ordered: tuple[type[Event], ...] = (),
    ) -> None:
        self._database = database
        self._broker = broker
        self._queue = queue
        self._handlers = handlers
        self._inbox = Inbox(queue, ordered)
        self._retries = Retries()
        self._blocked = True
        """Early events may lie in the inbox whose turn has come."""
        self._next = 0.0
        """When the next events are taken, at the earliest."""
        self._prune_at = 0.0
        self._log = log.logger(queue)
        self._tell = log.line(queue, "applied")
        self._spans: dict[str, trace.Span] = {}
        """Of the events of the transaction at hand."""
        self.lost: str | None = None
        """What the consumer waits for to come back."""
        self.done = 0
        """Events of the queue that are done with."""
        self.processed = Counter(declared.PROCESSED)
        self.lag = Histogram(declared.PROCESS_LAG)
        self.time = Histogram(declared.PROCESS_TIME)

    async def run(self) -> None:
        """Consume for life."""
        while True:
            try:
                queue = await self._broker.consume(self._queue)
                self._retries.forget_dates()
                self._blocked = True
                while True:
                    await self._step(queue)
            except Exception as error:
                if not is_lost(error):
                    raise
                self.lost = str(error)
                self._log.warning("consumer waits", error=self.lost)
                await asyncio.sleep(PAUSE)

    async def _step(self, queue: Queue) -> None:
        """Apply what waits, and what is to be tried again."""
        if self._blocked:
            await self._unblock(queue)
            self.lost = None  # broker and database have answered; an event may never come to a process that stands by
        await asyncio.sleep(max(0.0, self._next - time.monotonic()))
        if most := min(BATCH, self._retries.room):
            if deliveries := await queue.take(most, self._retries.until_next()):
                await self._apply_all(queue, deliveries)
        else:
            await asyncio.sleep(self._retries.until_next() or 0)
        for delivery in self._retries.due():
            await self._apply_alone(queue, delivery)
        if time.monotonic() > self._prune_at:
            self._prune_at = time.monotonic() + PRUNE_EVERY
            await self._database.transact(self._inbox.prune)

    async def _apply_all(self, queue: Queue, deliveries: Sequence[Delivery]) -> None:
        began = time.monotonic()
        self._next = began + self._database.pace
        try:
            await self._database.transact(self._apply, [delivery.envelope for delivery in deliveries])
        except Exception as error:
            if is_lost(error):
                raise
            for delivery in deliveries:
                await self._apply_alone(queue, delivery)
        else:
            self.time.observe(time.monotonic() - began)
            self._applied(deliveries, time.monotonic() - began)
            await self._acknowledge(queue, [delivery.tag for delivery in deliveries])

    async def _apply_alone(self, queue: Queue, delivery: Delivery) -> None:
        """Find whose fault it is; the innocent are applied."""
        self._blocked = True
        began = time.monotonic()
        try:
            await self._database.transact(self._apply, [delivery.envelope], alone=True)
        except Exception as error:
            if is_lost(error):
                raise
            await self._failed(queue, delivery, error)
        else:
            self._retries.forget(delivery)
            self._applied((delivery,), time.monotonic() - began)
            if delivery.tag != KEPT:
                await self._acknowledge(queue, [delivery.tag])

    async def _unblock(self, queue: Queue) -> None:
        """Apply the early events that one applied alone has left in the inbox."""
        async with self._database.reading() as connection:
            kept = await self._inbox.unblocked(connection)
        ready = [Delivery(KEPT, envelope) for envelope in kept if not self._retries.planned(envelope.id)]
        self._blocked = False
        for delivery in ready:
            await self._apply_alone(queue, delivery)

    def _applied(self, deliveries: Sequence[Delivery], seconds: float) -> None:
        """Count them, and tell the spans of those that belong to a trace: one transaction is in all of their traces."""
        now, spans, first = wall(), self._spans, None
        for _, envelope in deliveries:
            self.processed.inc(envelope.name, "applied")
            self.lag.of(envelope.name).observe((now - envelope.time) / SECOND)
            if (span := spans.pop(envelope.id, None)) is None:
                continue
            told = {"event_name": envelope.name, "key": envelope.key, **log.ended(span, seconds)}
            self._tell(told if first is None else {**told, "links": [first]})
            first = first or span.traceparent

    async def _acknowledge(self, queue: Queue, tags: Sequence[int]) -> None:
        reach("consumer.after_commit")
        await queue.acknowledge(tags)
        self.done += len(tags)
        reach("consumer.after_ack")

    async def _failed(self, queue: Queue, delivery: Delivery, error: Exception) -> None:
        envelope = delivery.envelope
        about = {"event_name": envelope.name, "event_id": envelope.id, "key": envelope.key, "seq": envelope.seq}
        if self._retries.again(delivery):
            self.processed.inc(envelope.name, "refused")
            self._log.warning("event refused", **about, error=repr(error))
            return
        reason = f"{type(error).__name__}: {error}"
        self.processed.inc(envelope.name, "dead")
        self._log.error("event set aside", **about, exc_info=error)
        if delivery.tag == KEPT:
            await queue.bury(envelope, reason)
            await self._database.transact(self._inbox.drop, envelope)
        else:
            await queue.set_aside(delivery.tag, reason)
        self._retries.forget(delivery)

    async def _apply(self, uow: UnitOfWork, envelopes: Sequence[Envelope], *, alone: bool = False) -> None:
        """The use case: those of the events that are new and in order, by their handlers."""
        admitted = await self._inbox.admit(uow, envelopes, alone=alone)
        uow.spans = {each.id: trace.span_for(each.traceparent) for each in admitted if each.traceparent}
        self._spans = uow.spans.copy()
        events = [(envelope.event, envelope) for envelope in admitted]
        handled = [item for item in events if type(item[0]) in self._handlers]
        for handler, group in groupby(handled, key=lambda item: self._handlers[type(item[0])]):
            if isinstance(handler, Together):
                await handler.apply(uow, list(group))
                continue
            for event, envelope in group:
                await _handle(handler, uow, event, envelope)
        reach("consumer.before_commit")


async def _handle(handler: Handler, uow: UnitOfWork, event: Event, envelope: Envelope) -> None:
    """One event, in its trace and as the cause of what it causes."""
    uow.cause = envelope
    try:
        with trace.within(uow.spans.get(envelope.id)):
            await handler(uow, event, envelope)
    finally:
        uow.cause = None
