"""Which processes hold which parts: all in one, or the outside world in one and each service in its own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tradectl.stack.settings import RunSettings
from tradectl.stack.topology import Topology, platform, with_network

HOST = "host"
"""The one child of the embedded backend."""
MARKET = "market_data"
"""Who quotes prices."""
YIELDING = 10
"""Niceness of a service that no order waits for: a tenth of the others' share while all are busy."""
USUAL: Mapping[str, Mapping[str, int]] = {"compose": {"bff": 2}}
"""By backend: services of which there is more than one."""
SIM = "sim"
"""The child that holds the simulators where services are processes of their own."""


@dataclass(frozen=True)
class Instance:
    """One of the copies of a part that run side by side; the first has the part's own name."""

    part: str
    number: int = 1

    @property
    def name(self) -> str:
        return self.part if self.number == 1 else f"{self.part}@{self.number}"


@dataclass(frozen=True)
class Child:
    """A process under the supervisor."""

    name: str
    instances: tuple[Instance, ...]
    service: bool = False
    """Whether it is one service alone: then its end is its own affair, and it needs what containers give."""
    nice: int = 0
    """By how much it yields the processor to the others."""

    @property
    def speaker(self) -> str:
        """Whose its log lines are: each copy of a service speaks as that service."""
        return self.instances[0].part if self.service else self.name


@dataclass(frozen=True)
class Layout:
    """All children of a sandbox, in the order in which they start."""

    topology: Topology
    children: tuple[Child, ...]

    @cached_property
    def ports(self) -> tuple[str, ...]:
        """Every socket as ``instance.port``, in the order in which `--port-base` numbers them."""
        return tuple(
            f"{instance.name}.{port}"
            for child in self.children
            for instance in child.instances
            for port in self.topology[instance.part].ports
        )

    def __iter__(self) -> Iterator[Child]:
        return iter(self.children)

    def __getitem__(self, name: str) -> Child:
        return next(child for child in self.children if child.name == name)

    def named(self, name: str) -> tuple[Child, ...]:
        """The children that a user means: one by its name, or all instances of a service."""
        return tuple(child for child in self.children if name == child.name or (child.service and _is_of(child, name)))

    def of_part(self, part: str) -> Child:
        """The child that holds a part, or its first instance."""
        return next(child for child in self.children if any(each.part == part for each in child.instances))

    def own_ports(self, child: Child) -> tuple[str, ...]:
        """The sockets of one child."""
        return tuple(
            f"{instance.name}.{port}" for instance in child.instances for port in self.topology[instance.part].ports
        )


def layout_of(settings: RunSettings) -> Layout:
    """As the settings of a sandbox say; TopologyError when the manifests do not fit together."""
    topology = platform()
    topology.check()
    if settings.only:
        topology = topology.only(settings.only)
    if settings.network_faults:
        topology = with_network(topology)
    return in_one(topology) if settings.backend == "embedded" else apart(topology, scale_of(settings))


def scale_of(settings: RunSettings) -> Mapping[str, int]:
    """How many copies each service has, where it was not told otherwise as many as its backend usually has."""
    return {**USUAL.get(settings.backend, {}), **settings.scale}


def in_one(topology: Topology) -> Layout:
    """Everything in one process."""
    return Layout(topology, (Child(HOST, tuple(Instance(part.name) for part in topology)),))


def apart(topology: Topology, scale: Mapping[str, int]) -> Layout:
    """The simulators in one process, each instance of each service in its own."""
    world = Child(SIM, tuple(Instance(part.name) for part in topology.simulators))
    services = (
        Child(instance.name, (instance,), service=True, nice=YIELDING if part.yields else 0)
        for part in topology.services
        for instance in instances(part.name, scale)
    )
    return Layout(topology, (world, *services))


def instances(part: str, scale: Mapping[str, int]) -> Sequence[Instance]:
    """The copies of a service."""
    return tuple(Instance(part, number) for number in range(1, scale.get(part, 1) + 1))


def _is_of(child: Child, part: str) -> bool:
    return all(instance.part == part for instance in child.instances)
