"""How each part of a running sandbox is, asked at its own door."""

import resource
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.contracts.times import rfc3339
from tradectl.errors import TradectlError
from tradectl.probes import http
from tradectl.stack import change, ports
from tradectl.stack.backends.backend import Backend
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.children import Child, Instance
from tradectl.stack.state import Sandbox

PATIENCE = 2.0
"""Seconds for a part to say how it is."""


@dataclass(frozen=True)
class PartStatus:
    """``state`` is ready, degraded, starting, stopped or down; ``unmet`` says what is missing, by condition."""

    name: str
    kind: str
    state: str
    unmet: dict[str, str] = field(default_factory=dict)
    endpoints: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ChildStatus:
    """``state`` is running, waiting (until it is started again), stopped or elsewhere; ``since`` is RFC 3339."""

    name: str
    state: str
    pid: int | None
    memory_mib: float | None
    restarts: int
    since: str
    ended: str
    """Why the last one ended."""
    working: int | None = None
    """The process that is measured: on compose that in the container, for which the child stands."""


@dataclass(frozen=True)
class SandboxStatus:
    """One sandbox: its processes, its parts, and the servers that it has in containers."""

    name: str
    up: bool
    backend: str
    root: str
    pid: int | None
    memory_mib: float | None
    restarts: int
    children: list[ChildStatus]
    parts: list[PartStatus]
    servers: dict[str, str]
    halfway: str = ""
    """The command that was cut off while it changed all of this, and does it whole when it is given again."""


def status(sandbox: Sandbox) -> SandboxStatus:
    """What runs in this sandbox."""
    backend = backend_of(sandbox)
    running = sandbox.in_use()
    told = backend.children() if running else {}
    working = backend.working() if running else {}
    children = [child_status(name, said, working.get(name)) for name, said in told.items()]
    with ThreadPoolExecutor(16) as threads:
        asked = [(child, instance) for child in backend.layout() for instance in child.instances]
        parts = list(threads.map(lambda each: part_status(backend, *each), asked))
    memory = [child.memory_mib for child in children if child.memory_mib is not None]
    return SandboxStatus(
        name=sandbox.name,
        up=running and all(part.state == "ready" for part in parts),
        backend=backend.name,
        root=str(sandbox.root),
        pid=int(sandbox.pid.read_text(encoding="ascii")) if running and sandbox.pid.exists() else None,
        memory_mib=round(sum(memory), 1) if memory else None,
        restarts=sum(child.restarts for child in children),
        children=children,
        parts=parts,
        servers=servers(backend),
        halfway=begun.command(sandbox) if (begun := change.begun(sandbox)) else "",
    )


def servers(backend: Backend) -> dict[str, str]:
    """The state of each server; an engine that gives no answer is a state too."""
    try:
        return dict(backend.servers())
    except TradectlError as error:
        return {"engine": error.message}


def child_status(name: str, said: Mapping[str, Any], working: int | None) -> ChildStatus:
    """One process, as its supervisor tells and the system shows; ``working`` is measured."""
    memory = None if working is None else own_mib(working)
    return ChildStatus(
        name, said["state"], said["pid"], memory, said["restarts"], rfc3339(said["since"]), said["ended"], working
    )


def part_status(backend: Backend, child: Child, instance: Instance) -> PartStatus:
    """One part, by its page /ready once its process has said that all is."""
    kind = backend.layout().topology[instance.part].kind
    told = backend.children().get(child.name) if backend.sandbox.in_use() else None
    if told is None:
        return PartStatus(instance.name, kind, "starting" if backend.sandbox.in_use() else "down")
    own = {
        port: url
        for port, url in ports.endpoints(backend.sandbox.ports).items()
        if port.rpartition(".")[0] == instance.name
    }
    if backend.ready(child.name) is None:
        state = {"running": "starting", "elsewhere": "starting", "waiting": "down"}.get(told["state"], told["state"])
        return PartStatus(instance.name, kind, state, {"process": told["ended"]} if told["ended"] else {}, own)
    try:
        page = http.request("GET", f"{own[f'{instance.name}.http']}/ready", timeout=PATIENCE).json()
    except http.UnreachableError as error:
        return PartStatus(instance.name, kind, "down", {"http": str(error)}, own)
    unmet = {condition: said for condition, said in page.get("checks", {}).items() if said != "ok"}
    return PartStatus(instance.name, kind, str(page.get("status", "unknown")), unmet, own)


def own_mib(pid: int) -> float | None:
    """A process's memory where /proc shows it: what is its alone, and its share of what it has in common."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        kib = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        return round(kib / 1024, 1)
    except (OSError, StopIteration):
        return resident_mib(pid)


def resident_mib(pid: int) -> float | None:
    """Resident memory of a process, where /proc shows it."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return None
    return round(pages * resource.getpagesize() / 2**20, 1)
