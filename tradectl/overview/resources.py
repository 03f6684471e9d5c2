"""Processes and parts in one list: how each is, what it costs, where it answers."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata

from tradectl.stack.backends.choice import backend_of
from tradectl.stack.children import Layout
from tradectl.stack.control import home
from tradectl.stack.state import Sandbox
from tradectl.stack.status import ChildStatus, PartStatus, SandboxStatus, status
from tradectl.telemetry.scrape import CPU, process

PROCESS, SERVER = "process", "server"
RESTING = ("stopped", "down", "waiting")


@dataclass(frozen=True)
class Resource:
    """A process, or a part in it; a part's ``restarts``, ``cpu`` and ``memory_mib`` are those of its process."""

    name: str
    kind: str
    state: str
    health: str
    """What is missing, or why the last process ended; empty when all is well."""
    restarts: int | None = None
    cpu: float | None = None
    """Share of one processor, in per cent, since the last look; none at the first."""
    memory_mib: float | None = None
    endpoints: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    home: str = ""
    """The process that holds it; its own name where it is one."""
    holds: Sequence[str] = ()
    """The parts in it, where it is a process."""
    steers: Sequence[str] = ()
    """The processes that are meant by its name when it is started, stopped or restarted; none: it cannot be alone."""

    @property
    def rests(self) -> bool:
        """Whether it was stopped and is to be started."""
        return self.state in RESTING


class Resources:
    """Looks again and again: how busy a process was is known from the second look on."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._spent: dict[int, tuple[float, float]] = {}
        """By process: seconds on a processor, and when that was seen on the monotonic clock."""
        self._version = metadata.version("tradectl")

    def look(self) -> list[Resource]:
        """Processes first, then parts, then servers in containers."""
        return listed(status(self.sandbox), backend_of(self.sandbox).layout(), self._busy, self._version)

    def _busy(self, child: ChildStatus) -> float | None:
        if child.working is None:
            return None
        spent = next((sample.value for sample in process(child.working) if sample.name == CPU), None)
        if spent is None:
            return None
        before, self._spent[child.working] = self._spent.get(child.working), (spent, time.monotonic())
        return share(before, self._spent[child.working])


def share(before: tuple[float, float] | None, now: tuple[float, float]) -> float | None:
    """Per cent of a processor between two looks."""
    if before is None or now[1] <= before[1]:
        return None
    return 100 * (now[0] - before[0]) / (now[1] - before[1])


def listed(
    found: SandboxStatus, layout: Layout, busy: Callable[[ChildStatus], float | None], version: str
) -> list[Resource]:
    """One list of what a status tells."""
    processes = {child.name: _of_child(child, layout, busy(child), version) for child in found.children}
    parts = [_of_part(part, layout, processes.get(home(layout, part.name)), version) for part in found.parts]
    own = [each for name, each in processes.items() if name not in {part.name for part in found.parts}]
    servers = [Resource(name, SERVER, state, "") for name, state in found.servers.items()]
    return [*own, *parts, *servers]


def _of_child(child: ChildStatus, layout: Layout, cpu: float | None, version: str) -> Resource:
    name = child.name
    return Resource(
        name=name,
        kind=PROCESS,
        state=child.state,
        health=child.ended,
        restarts=child.restarts,
        cpu=cpu,
        memory_mib=child.memory_mib,
        version=version,
        home=name,
        holds=[instance.name for each in layout if each.name == name for instance in each.instances],
        steers=steered(layout, name),
    )


def _of_part(part: PartStatus, layout: Layout, own: Resource | None, version: str) -> Resource:
    return Resource(
        name=part.name,
        kind=part.kind,
        state=part.state,
        health="; ".join(f"{condition}: {said}" for condition, said in part.unmet.items()),
        restarts=own.restarts if own else None,
        cpu=own.cpu if own else None,
        memory_mib=own.memory_mib if own else None,
        endpoints=part.endpoints,
        version=version,
        home=home(layout, part.name),
        steers=steered(layout, part.name),
    )


def steered(layout: Layout, name: str) -> list[str]:
    """The processes that a name means to `tradectl restart`."""
    return [child.name for child in layout.named(name)]
