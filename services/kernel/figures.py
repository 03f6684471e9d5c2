"""What the kernel's parts of a service are measured by, put on the service's page."""

from collections import deque
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.metrics import parts
from services.contracts.metrics import service as declared
from services.kernel import inbox, outbox
from services.runtime.clock import seconds_since, wall
from services.runtime.health import Health
from services.runtime.instruments import Gauge

if TYPE_CHECKING:
    from services.kernel.consumer import Consumer
    from services.kernel.relay import Relay
    from services.kernel.replica import Replica
    from services.kernel.service import Service

SECOND = 1_000_000
DONE = text("SELECT @@GLOBAL.gtid_executed")
HAS = text("SELECT GTID_SUBSET(:transactions, @@GLOBAL.gtid_executed)")
LOOKS = 60
"""Looks at the primary that are remembered."""


def measure(service: "Service", health: Health, relay: "Relay | None", consumer: "Consumer | None") -> None:
    """Have all of it on the page."""
    metrics = service.metrics
    _conditions(service, health)
    if relay is not None:
        metrics.add(relay.published, relay.publish_time)
    if consumer is not None:
        metrics.add(consumer.processed, consumer.lag, consumer.time)
        _queue(service)
    if service.manifest.database:
        _database(service, relay)


def _conditions(service: "Service", health: Health) -> None:
    metrics = service.metrics
    ready, cache = metrics.gauge(parts.READY), metrics.gauge(declared.CACHE_UP)
    metrics.gauge(declared.BREAKER).read_all(
        lambda: {(name,): float(peer.breaker.open) for name, peer in service.peers.items()}
    )

    async def look() -> None:
        ready.set(float(not await health.unmet()))

    async def ask_cache() -> None:
        cache.set(0)
        await service.cache.check()
        cache.set(1)

    metrics.before_page(look)
    metrics.before_page(ask_cache)


def _queue(service: "Service") -> None:
    messages = service.metrics.gauge(declared.QUEUE)

    async def look() -> None:
        for queue in await service.broker.queues():
            if queue.name == service.name:
                for state in ("waiting", "unacknowledged", "dead"):
                    messages.set(getattr(queue, state), state)

    service.metrics.before_page(look)


def _database(service: "Service", relay: "Relay | None") -> None:
    database, metrics = service.database, service.metrics
    metrics.add(*database.instruments)
    metrics.gauge(declared.LEASE).read_all(lambda: {(each.name,): float(each.held) for each in database.leases})
    waiting, oldest, early = (metrics.gauge(each) for each in (declared.OUTBOX, declared.OUTBOX_AGE, declared.INBOX))

    async def look() -> None:
        confirmed = relay.confirmed if relay else ()
        async with database.reading() as connection:
            waiting.set(await outbox.unpublished(connection, confirmed))
            early.set((await connection.execute(inbox.COUNT)).scalar_one())
            first = await outbox.oldest(connection, 1, confirmed)
        oldest.set(seconds_since(first[0][1].time if first else None))

    metrics.before_page(look)
    if database.replica is not None:
        metrics.add(database.replica.reads)
        metrics.before_page(Lag(database.replica, metrics.gauge(declared.REPLICA_LAG)).look)


class Lag:
    """How far a replica is behind: each look remembers what the primary had done, and finds the newest that is here."""

    def __init__(self, replica: "Replica", gauge: Gauge) -> None:
        self._replica = replica
        self._gauge = gauge
        self._looks: deque[tuple[int, str]] = deque(maxlen=LOOKS)

    async def look(self) -> None:
        """The age of the newest of them that the replica has, nothing older than the oldest look known."""
        async with self._replica.primary() as connection:
            self._looks.append((wall(), (await connection.execute(DONE)).scalar_one()))
        async with self._replica.reading() as connection:
            behind = await self._behind(connection)
        self._gauge.set(behind / SECOND)

    async def _behind(self, connection: AsyncConnection) -> int:
        newest, oldest = self._looks[-1][0], self._looks[0][0]
        for moment, transactions in reversed(self._looks):
            if (await connection.execute(HAS, {"transactions": transactions})).scalar_one():
                return 0 if moment == newest else wall() - moment
        return wall() - oldest
