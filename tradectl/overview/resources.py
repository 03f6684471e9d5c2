"""Processes and parts in one list: how each is, what it costs, where it answers."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import metadata

from tradectl.stack.backends.choice import backend_of
from tradectl.stack.state import Sandbox
from tradectl.stack.status import ChildStatus, PartStatus, SandboxStatus, status
from tradectl.telemetry.scrape import CPU, process

PROCESS, SERVER = "process", "server"


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


class Resources:
    """Looks again and again: how busy a process was is known from the second look on."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._spent: dict[int, tuple[float, float]] = {}
        """By process: seconds on a processor, and when that was seen on the monotonic clock."""
        self._version = metadata.version("tradectl")

    def look(self) -> list[Resource]:
        """Processes first, then parts, then servers in containers."""
        return listed(status(self.sandbox), self._homes(), self._busy, self._version)

    def _homes(self) -> dict[str, str]:
        """The process that holds each part."""
        layout = backend_of(self.sandbox).layout()
        return {instance.name: child.name for child in layout for instance in child.instances}

    def _busy(self, child: ChildStatus) -> float | None:
        if child.pid is None:
            return None
        spent = next((sample.value for sample in process(child.pid) if sample.name == CPU), None)
        if spent is None:
            return None
        before, self._spent[child.pid] = self._spent.get(child.pid), (spent, time.monotonic())
        return share(before, self._spent[child.pid])


def share(before: tuple[float, float] | None, now: tuple[float, float]) -> float | None:
    """Per cent of a processor between two looks."""
    if before is None or now[1] <= before[1]:
        return None
    return 100 * (now[0] - before[0]) / (now[1] - before[1])


def listed(
    found: SandboxStatus, homes: Mapping[str, str], busy: Callable[[ChildStatus], float | None], version: str
) -> list[Resource]:
    """One list of what a status tells."""
    processes = {child.name: _of_child(child, busy(child), version) for child in found.children}
    parts = [_of_part(part, processes.get(homes.get(part.name, "")), version) for part in found.parts]
    own = [each for name, each in processes.items() if name not in {part.name for part in found.parts}]
    servers = [Resource(name, SERVER, state, "") for name, state in found.servers.items()]
    return [*own, *parts, *servers]


def _of_child(child: ChildStatus, cpu: float | None, version: str) -> Resource:
    return Resource(child.name, PROCESS, child.state, child.ended, child.restarts, cpu, child.memory_mib, {}, version)


def _of_part(part: PartStatus, home: Resource | None, version: str) -> Resource:
    health = "; ".join(f"{condition}: {said}" for condition, said in part.unmet.items())
    own = (home.restarts, home.cpu, home.memory_mib) if home else (None, None, None)
    return Resource(part.name, part.kind, part.state, health, *own, part.endpoints, version)
