"""From the outbox to the broker, in order; of a service's processes one does it, the holder of a lease."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from services.contracts.envelope import Envelope
from services.contracts.metrics import service as declared
from services.kernel import outbox
from services.kernel.bell import Bell
from services.kernel.broker import Broker
from services.kernel.cache import Cache
from services.kernel.database import Database
from services.kernel.lease import Lease
from services.kernel.lost import is_lost
from services.kernel.uow import UnitOfWork
from services.runtime import log, trace
from services.runtime.instruments import Counter, Histogram
from services.runtime.killpoints import reach

BATCH = 500
"""Events published with one confirm."""
MOST_LINKS = 16
"""Of a batch's span to what caused its events."""
LOOK = 1.0
"""Seconds after which it looks although nobody woke it."""
LINGER = 0.5
"""Seconds that confirmed events wait for a transaction to be forgotten with, before they get one of their own."""
UPKEEP = 60.0
"""Seconds."""
PAUSE = 0.5
"""Seconds that a lost broker or database is left alone."""


class Relay:
    """Publishes what transactions have left in the outbox; `run` is a loop for life."""

    def __init__(
        self,
        database: Database,
        broker: Broker,
        cache: Cache,
        name: str = "relay",
        upkeep: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """``upkeep`` is something else that one of the service's processes does for its queue now and then."""
        self._database = database
        self._broker = broker
        self._log = log.logger(name)
        self._tell = log.line(name, "published")
        self._lease = Lease(database, "relay", self._log)
        self._bell = Bell(cache, f"{name}:outbox", self._log)
        self._upkeep = upkeep
        self.confirmed: list[int] = []
        """Rows of events that the broker has, and the outbox still."""
        self.published = Counter(declared.PUBLISHED)
        self.publish_time = Histogram(declared.PUBLISH_TIME)
        self.lost: str | None = None
        """Why nothing can be published at the moment."""
        database.on_events(lambda: self._bell.ring(here=self.publishes))
        database.before_commit(self._forget)

    @property
    def publishes(self) -> bool:
        """Whether it is this process that does."""
        return self._lease.held

    async def run(self) -> None:
        """For life: publish whenever the lease is held."""
        await self._lease.run(self._relay)

    async def _relay(self) -> None:
        try:
            async with asyncio.TaskGroup() as loops:
                loops.create_task(self._bell.listen())
                loops.create_task(self._keep_publishing())
                if self._upkeep is not None:
                    loops.create_task(self._keep_up(self._upkeep))
        finally:
            self.lost = None  # who does not publish lacks nothing for it

    async def _keep_publishing(self) -> None:
        while True:
            try:
                more = await self._publish()
                self.lost = None
                if not more:
                    await self._rest()
            except Exception as error:
                if not is_lost(error):
                    raise
                self.lost = str(error)
                self._log.warning("relay waits", error=self.lost)
                await asyncio.sleep(PAUSE)

    async def _publish(self) -> bool:
        """Publish one batch; whether there is more to publish at once."""
        async with self._database.reading() as connection:
            batch = await outbox.oldest(connection, BATCH, self.confirmed)
        if not batch or not self.publishes:
            return False
        reach("outbox.before_publish")
        began = time.perf_counter()
        await self._broker.publish([envelope for _, envelope in batch])
        reach("outbox.after_confirm")
        self.published.inc(by=len(batch))
        seconds = time.perf_counter() - began
        self.publish_time.observe(seconds)
        self._told([envelope for _, envelope in batch], seconds)
        self.confirmed += [row_id for row_id, _ in batch]
        if len(self.confirmed) < BATCH:
            return False
        await self._database.transact(_nothing)
        return True

    async def _keep_up(self, upkeep: Callable[[], Awaitable[None]]) -> None:
        """Beside the publishing, which does not wait for it."""
        while True:
            try:
                if self.publishes:
                    await upkeep()
            except Exception as error:
                if not is_lost(error):
                    raise
                self._log.info("upkeep waits", error=str(error))
            await asyncio.sleep(UPKEEP)

    def _told(self, batch: Sequence[Envelope], seconds: float) -> None:
        """One span for the batch: a child of the first event's, linked to the others'."""
        causes = list(dict.fromkeys(each.traceparent for each in batch if each.traceparent))
        if causes:
            span = trace.span_for(causes[0])
            links = {"links": causes[1:MOST_LINKS]} if len(causes) > 1 else {}
            self._tell({"events": len(batch), **log.ended(span, seconds), **links})

    async def _forget(self, uow: UnitOfWork) -> None:
        """Remove confirmed events with a transaction that is there anyhow; where it fails, with the next one."""
        if done := self.confirmed[:]:
            await outbox.remove(uow, sorted(done))
            uow.after_commit(lambda: self._forgotten(done))

    def _forgotten(self, rows: list[int]) -> None:
        gone = set(rows)
        self.confirmed = [row for row in self.confirmed if row not in gone]
        reach("outbox.after_mark")

    async def _rest(self) -> None:
        """Until something is to be published."""
        if not await self._bell.heard(LINGER if self.confirmed else LOOK) and self.confirmed:
            await self._database.transact(_nothing)


async def _nothing(_: UnitOfWork) -> None:
    """A transaction for what every transaction does."""
