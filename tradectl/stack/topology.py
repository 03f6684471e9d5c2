"""Which parts there are and what each needs, read from their manifests alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from types import MappingProxyType

from services.contracts.manifest import ServiceManifest
from tradectl.errors import ExitCode, TradectlError

SIMULATORS = ("clock", "venue", "broker", "provider", "mail", "push", "chatops")
SERVICES = (
    "auth",
    "market_data",
    "orders",
    "portfolio",
    "notifications",
    "recommendations",
    "chat",
    "bff",
)
PARTS = (*SIMULATORS, *SERVICES)
NETWORK = "network"
"""The simulator that lies between the others where `up` is told so."""


class TopologyError(Exception):
    """The manifests do not fit together."""


@dataclass(frozen=True)
class Topology:
    """Parts by name."""

    parts: Mapping[str, ServiceManifest]

    def __iter__(self) -> Iterator[ServiceManifest]:
        return iter(self.parts.values())

    def __getitem__(self, name: str) -> ServiceManifest:
        """The manifest of a part; TradectlError when there is none of that name."""
        try:
            return self.parts[name]
        except KeyError:
            known = ", ".join(self.parts)
            raise TradectlError(f"there is no service {name!r}", f"one of: {known}", ExitCode.NOT_FOUND) from None

    @property
    def services(self) -> tuple[ServiceManifest, ...]:
        return tuple(part for part in self if part.kind == "service")

    @property
    def simulators(self) -> tuple[ServiceManifest, ...]:
        return tuple(part for part in self if part.kind == "simulator")

    def start_order(self) -> tuple[str, ...]:
        """Every part after those that it needs; TopologyError when they need each other in a circle."""
        try:
            return tuple(TopologicalSorter({part.name: part.needs for part in self}).static_order())
        except CycleError as error:
            raise TopologyError(f"these parts need each other: {' -> '.join(error.args[1])}") from error

    def only(self, names: Sequence[str]) -> "Topology":
        """These parts and all that they need or ask, in the same order; the market, which makes time, in any case."""
        wanted = {"venue", *(each for name in names for each in (SIMULATORS if name == "sim" else (name,)))}
        pending = list(wanted)
        while pending:
            part = self[pending.pop()]
            more = {*part.needs, *part.calls} - wanted
            wanted |= more
            pending.extend(more)
        return of([part for part in self if part.name in wanted])

    def check(self) -> None:
        """TopologyError unless every name needed exists, without circles, and every event taken has a producer."""
        problems = [*self._unknown_names(), *self._events_without_producer()]
        if problems:
            raise TopologyError("; ".join(problems))
        self.start_order()

    def consumers(self, producer: ServiceManifest) -> dict[str, list[str]]:
        """By event: the services that take it from a durable queue, which is then declared before it is published."""
        takers = {event: [part.name for part in self if event in part.consumes] for event in producer.publishes}
        return {event.name: names for event, names in takers.items() if names}

    def _unknown_names(self) -> Iterator[str]:
        for part in self:
            for name in (*part.needs, *part.calls):
                if name not in self.parts:
                    yield f"{part.name} needs {name}, which does not exist"

    def _events_without_producer(self) -> Iterator[str]:
        published = {event for part in self for event in part.publishes}
        for part in self:
            for event in (*part.consumes, *part.live):
                if event not in published:
                    yield f"{part.name} consumes {event.name}, which nobody publishes"


def of(manifests: Sequence[ServiceManifest]) -> Topology:
    """The topology of some manifests."""
    return Topology(MappingProxyType({manifest.name: manifest for manifest in manifests}))


@cache
def manifest(name: str) -> ServiceManifest:
    """The manifest of one part, read when it is first asked for."""
    room = "sim" if name in {*SIMULATORS, NETWORK} else "services"
    found = import_module(f"{room}.{name}.manifest").MANIFEST
    if not isinstance(found, ServiceManifest):
        raise TopologyError(f"{room}/{name}/manifest.py holds no ServiceManifest")
    return found


def with_network(topology: Topology) -> Topology:
    """The same with the network between its parts."""
    return of([manifest(NETWORK), *topology])


@cache
def platform() -> Topology:
    """The eight services and the outside world."""
    return of([manifest(name) for name in PARTS])
