"""A service as its app.py sees it: what the host gave, opened; then everything wired to the host's liking."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Self

import msgspec
from fastapi import APIRouter
from sqlalchemy import MetaData
from structlog.typing import FilteringBoundLogger

from services.contracts.envelope import Envelope
from services.contracts.event import Event
from services.contracts.manifest import ServiceManifest
from services.contracts.metrics import service as declared
from services.kernel import migrations
from services.kernel.broker import Broker, broker_for
from services.kernel.cache import Cache, cache_for
from services.kernel.consumer import Handlers
from services.kernel.database import Database
from services.kernel.disturbing import Ballast, Skewed
from services.kernel.marks import Marks
from services.kernel.peers import SCHEMES, Peer
from services.kernel.security import Verifier
from services.kernel.settings import Settings
from services.kernel.state import Settled, StateQuery
from services.kernel.wiring import Wiring
from services.runtime import faults, log
from services.runtime.clock import clock_for
from services.runtime.health import Check
from services.runtime.metrics import Metrics
from services.runtime.resources import Loop, Resources, Running

OnEvents = Callable[[Sequence[Envelope] | None], Awaitable[None]]
"""Takes live events as they come; None says that some were lost, so that what was built on them starts anew."""


class Service:
    """Everything that a service's rooms may use. ``database`` exists where the manifest says so."""

    def __init__(self, manifest: ServiceManifest, resources: Resources, metadata: MetaData | None = None) -> None:
        urls = resources.urls
        self.manifest = manifest
        self.resources = resources
        self.metadata = metadata
        self.name = manifest.name
        self.settings = Settings.of(resources)
        self.log: FilteringBoundLogger = log.logger(self.name)
        self.metrics = Metrics(self.name)
        self._calls = self.metrics.histogram(declared.PEERS)
        self.clock = Skewed(clock_for(urls.get("clock", "wall")), faults.of(self.name))
        self.ballast = Ballast(faults.of(self.name))
        self.peers: Mapping[str, Peer] = {
            name: self._peer(name)
            for part in (*manifest.needs, *manifest.calls)
            for name in [each for each in (part, f"{part}.http") if urls.get(each, "").startswith(SCHEMES)][:1]
        }
        self.verifier = Verifier(self.peers.get("auth") or self._peer("auth"))
        self.broker: Broker = broker_for(urls["broker"])
        self.cache: Cache = cache_for(urls["cache"])
        self._database = self._open_database() if manifest.database else None

    @property
    def database(self) -> Database:
        if self._database is None:
            raise LookupError(f"the manifest of {self.name} asks for no database")
        return self._database

    @property
    def told(self) -> int:
        """Transactions of this process that have left events; none without a database."""
        return self._database.told if self._database is not None else 0

    @classmethod
    async def open(cls, manifest: ServiceManifest, resources: Resources, metadata: MetaData | None = None) -> Self:
        """Open what the manifest asks for, the schema brought up to date and the queue declared."""
        service = cls(manifest, resources, metadata)
        shards = service.settings.queues.shards
        service.broker.expect(consumers_of(manifest, resources), shards)
        if manifest.database:
            phase = migrations.Phase(resources.options.get("migrations", "all"))
            await migrations.upgrade(service.database, manifest.name, phase)
        if manifest.consumes:
            await service.broker.declare(manifest.name, manifest.consumes, shards.get(manifest.name, 1))
        return service

    def running(
        self,
        router: APIRouter,
        *,
        consumes: Handlers | None = None,
        live: OnEvents | None = None,
        tasks: Sequence[Loop] = (),
        checks: Mapping[str, Check] | None = None,
        state: Mapping[str, StateQuery] | None = None,
        settled: Settled | None = None,
    ) -> Running:
        """Wire it all: routes, relay, consumers, the service's own loops, health and internal pages."""
        return Wiring(self, consumes or {}, live, tasks, checks or {}, state, settled).running(router)

    def _open_database(self) -> Database:
        publishes = frozenset(self.manifest.publishes)
        database = Database(self.resources.urls["database"], self.clock, publishes, self.settings.store)
        if replica := self.resources.urls.get("replica"):
            database.read_from(replica, Marks(self.cache, self.name))
        return database

    def _peer(self, name: str) -> Peer:
        url = self.resources.urls.get(name, f"asgi://{name}")
        return Peer(url, name, key=self.resources.key, settings=self.settings.peers, calls=self._calls)

    async def close(self) -> None:
        """Give back what is this service's own; broker and cache belong to the process."""
        for peer in (*self.peers.values(), self.verifier.auth):
            await peer.close()
        if self._database is not None:
            await self._database.close()


def consumers_of(manifest: ServiceManifest, resources: Resources) -> dict[type[Event], list[str]]:
    """By event of this service: the queues that the topology has for it, as the option ``consumers`` says."""
    queues = msgspec.json.decode(resources.options.get("consumers", "{}"), type=dict[str, list[str]])
    return {event: queues[event.name] for event in manifest.publishes if event.name in queues}
