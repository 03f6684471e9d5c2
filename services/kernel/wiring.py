"""How an opened service is put together: app, loops, health and internal pages, as its manifest says."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from sqlalchemy import MetaData, select

from services.contracts.event import REGISTRY, Event
from services.contracts.events.auth import SessionsRevoked
from services.contracts.manifest import ServiceManifest
from services.contracts.metrics import service as declared
from services.kernel import deadletters, figures, inbox, outbox, seeding, state, web
from services.kernel.consumer import Consumer, Handlers
from services.kernel.edge import Edge
from services.kernel.peers import Peer
from services.kernel.relay import Relay
from services.kernel.tables import inbox_streams, streams
from services.kernel.tables import metadata as kernel_tables
from services.runtime import local
from services.runtime.health import Check, Health
from services.runtime.resources import Loop, Running

if TYPE_CHECKING:
    from services.kernel.service import OnEvents, Service

LIVE_BATCH = 200
ESSENTIAL = frozenset({"database"})
"""Without its database a service serves nothing."""
DISPENSABLE = frozenset({"broker", "cache", "replica"})
"""Without its broker it reads and takes orders, without cache or replica it is slower, also when it is started then."""


class Wiring:
    """One service's parts, in the making and while it runs."""

    def __init__(
        self,
        service: "Service",
        consumes: Handlers,
        live: "OnEvents | None",
        tasks: Sequence[Loop],
        checks: Mapping[str, Check],
        tables: Mapping[str, state.StateQuery] | None,
        settled: state.Settled | None = None,
    ) -> None:
        agree(service.manifest, consumes, live)
        self.service = service
        self.on_events = live
        self.relay = self._relay() if service.manifest.publishes else None
        self.consumer = self._consumer(consumes)
        self.tasks = tasks
        self.own_settled = settled
        shown = state.tables_of(service.metadata) if tables is None else tables
        self.tables = {**shown, **state.seals_of(kernel_tables), **state.seals_of(service.metadata or MetaData())}
        self._lost = service.metrics.counter(declared.LIVE_LOST) if live is not None else None
        self.health = Health(service.name, {**self._checks(), **checks}, ESSENTIAL, DISPENSABLE)
        figures.measure(service, self.health, self.relay, self.consumer)

    def running(self, router: APIRouter) -> Running:
        """The service with these routes, offered to its peers in this process."""
        service = self.service
        app = web.App(
            service.manifest.title,
            router,
            [
                *web.operations(self.health, service.metrics),
                *state.pages(self.state, self.settled, service.name),
                *(seeding.pages(service.manifest, service.database) if service.manifest.seed else ()),
                *(deadletters.pages(service.broker, service.name) if self.consumer else ()),
            ],
        )
        app.state.verifier = service.verifier
        app.state.key = service.resources.key
        edge = Edge(app, service.metrics, service.settings.web.max_body, service.name)
        local.offer(f"asgi://{service.name}", edge)
        return Running(
            asgi=edge, tasks=self._loops(), ready=self.health.unmet, settled=self.settled, stop=service.close
        )

    async def listen(self) -> None:
        """Pass live events on as they come; sessions that ended are known here first of all."""
        if self.on_events is None:
            return
        queue = await self.service.broker.listen(self.service.manifest.live)
        while True:
            envelopes = await queue.take(LIVE_BATCH)
            if envelopes is None and self._lost is not None:
                self._lost.inc()
            for envelope in envelopes or ():
                if envelope.name == SessionsRevoked.name:
                    event = envelope.event
                    self.service.verifier.revoke(getattr(event, "session_ids", ()))
            await self.on_events(envelopes)

    async def state(self, after: str | None, limit: int) -> dict[str, Any]:
        """Rows of the service's tables, and the last event seen and sent of each aggregate when they were read."""
        page: dict[str, Any] = {"service": self.service.name, **vars(state.Page()), "seen": {}, "sent": {}}
        if not self.service.manifest.database:
            return page
        async with self.service.database.reading() as connection:
            page |= vars(await state.page_of(connection, self.tables, after, limit))
            if after is None:
                seen = await connection.execute(select(inbox_streams.c.stream, inbox_streams.c.seq))
                page["seen"] = dict(seen.all())
                page["sent"] = dict((await connection.execute(select(streams.c.key, streams.c.seq))).all())
        return page

    async def settled(self) -> dict[str, object]:
        """What is still under way in this service; all zero when everything that came was applied and sent.

        Beside it what it has done, so that two looks can tell whether anything was done between, and the market time
        that it has heard of, which it may see wrong.
        """
        pending: dict[str, object] = {"unpublished": 0, "queued": 0, "waiting": 0, "dead": 0}
        if self.service.manifest.database:
            async with self.service.database.reading() as connection:
                confirmed = self.relay.confirmed if self.relay else ()
                pending["unpublished"] = await outbox.unpublished(connection, confirmed)
                pending["waiting"] = (await connection.execute(inbox.COUNT)).scalar_one()
        for queue in await self.service.broker.queues() if self.consumer else ():
            if queue.name == self.service.name:
                pending["queued"] = queue.waiting + queue.unacknowledged
                pending["dead"] = queue.dead
        done = {"told": self.service.told, "taken": self.consumer.done if self.consumer else 0}
        own = await self.own_settled() if self.own_settled else {}
        return {**pending, **own, "done": done, "time": self.service.clock.true()}

    def _relay(self) -> Relay:
        service = self.service
        upkeep = partial(service.broker.tidy, service.name) if service.manifest.consumes else None
        return Relay(service.database, service.broker, service.cache, service.name, upkeep)

    def _consumer(self, handlers: Handlers) -> Consumer | None:
        manifest = self.service.manifest
        if not manifest.consumes:
            return None
        ordered = complete(manifest.consumes) if manifest.ordered else ()
        return Consumer(self.service.database, self.service.broker, manifest.name, handlers, ordered)

    def _loops(self) -> list[Loop]:
        loops = [part.run for part in (self.relay, self.consumer) if part is not None]
        if self.on_events is not None:
            loops.append(self.listen)
        return [*loops, *self.tasks]

    def _checks(self) -> dict[str, Check]:
        checks: dict[str, Check] = {name: answers(peer) for name, peer in self.service.peers.items()}
        checks["broker"] = self._broker_answers
        checks["cache"] = self._cache_answers
        if self.service.manifest.database:
            checks["database"] = self._database_answers
            if self.service.database.replica is not None:
                checks["replica"] = self.service.database.replica.check
        return checks

    async def _broker_answers(self) -> str | None:
        for part in (self.relay, self.consumer):
            if part is not None and part.lost:
                return part.lost
        await self.service.broker.queues()
        return None

    async def _cache_answers(self) -> str | None:
        await self.service.cache.check()
        return None

    async def _database_answers(self) -> str | None:
        await self.service.database.check()
        return None


def answers(peer: Peer) -> Check:
    """Whether a peer that was called answered; it is not called for this."""

    async def check() -> str | None:
        return f"{peer.name} is left alone after failures in a row" if peer.breaker.open else None

    return check


def agree(manifest: ServiceManifest, handlers: Handlers, live: "OnEvents | None") -> None:
    """Refuse to start when the code handles other events than the manifest says."""
    if set(handlers) != set(manifest.consumes):
        named = sorted(event.name for event in set(handlers) ^ set(manifest.consumes))
        raise ValueError(f"{manifest.name}: manifest and handlers disagree about {', '.join(named)}")
    if (live is not None) != bool(manifest.live):
        raise ValueError(f"{manifest.name}: live events are named by the manifest and taken by on_events, or neither")


def complete(events: Sequence[type[Event]]) -> tuple[type[Event], ...]:
    """The aggregates of which every event is consumed: only these can be held to their order without holes."""
    aggregates = dict.fromkeys(aggregate(event) for event in events)
    return tuple(
        base for base in aggregates if all(event in events for event in REGISTRY.values() if issubclass(event, base))
    )


def aggregate(event: type[Event]) -> type[Event]:
    """The base of an aggregate's events, which is the event itself where it is the only one."""
    line = event.__mro__
    return line[line.index(Event) - 1]
