"""How each part of a running sandbox is, asked at its own door."""

import resource
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tradectl.probes import http
from tradectl.stack.backends.embedded import Embedded
from tradectl.stack.state import Sandbox
from tradectl.stack.topology import PARTS, SIMULATORS

PATIENCE = 2.0
"""Seconds for a part to say how it is."""


@dataclass(frozen=True)
class PartStatus:
    """``state`` is ready, degraded, starting or down; ``unmet`` says what is missing, by condition."""

    name: str
    kind: str
    state: str
    unmet: dict[str, str] = field(default_factory=dict)
    endpoints: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SandboxStatus:
    """One sandbox: its host, and its parts."""

    name: str
    up: bool
    root: str
    pid: int | None
    memory_mib: float | None
    restarts: int
    parts: list[PartStatus]


def status(sandbox: Sandbox) -> SandboxStatus:
    """What runs in this sandbox."""
    backend = Embedded(sandbox)
    running = backend.observe().supervisor
    host: dict[str, Any] = (backend.host() if running else None) or {}
    endpoints: dict[str, str] = host.get("endpoints", {})
    with ThreadPoolExecutor(len(PARTS)) as threads:
        parts = list(threads.map(lambda name: part_status(name, endpoints, running), PARTS))
    pid = host.get("pid")
    up = bool(host) and all(part.state == "ready" for part in parts)
    memory = None if pid is None else resident_mib(pid)
    return SandboxStatus(sandbox.name, up, str(sandbox.root), pid, memory, host.get("restarts", 0), parts)


def part_status(name: str, endpoints: dict[str, str], running: bool) -> PartStatus:
    """One part, by its page /ready."""
    kind = "simulator" if name in SIMULATORS else "service"
    own = {port: url for port, url in endpoints.items() if port.partition(".")[0] == name}
    if not own:
        return PartStatus(name, kind, "starting" if running else "down")
    try:
        page = http.request("GET", f"{own[f'{name}.http']}/ready", timeout=PATIENCE).json()
    except http.UnreachableError as error:
        return PartStatus(name, kind, "down", {"http": str(error)}, own)
    unmet = {condition: said for condition, said in page.get("checks", {}).items() if said != "ok"}
    return PartStatus(name, kind, str(page.get("status", "unknown")), unmet, own)


def resident_mib(pid: int) -> float | None:
    """Resident memory of a process, where /proc shows it."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return None
    return round(pages * resource.getpagesize() / 2**20, 1)
