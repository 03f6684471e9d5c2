"""What the host gives to a part, and what the part gives back."""

import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from services.runtime.asgi import ASGIApp
from services.runtime.metrics import Metrics

Loop = Callable[[], Awaitable[None]]


async def nothing_unmet() -> dict[str, str]:
    """The readiness of a part that depends on nothing."""
    return {}


async def nothing_pending() -> dict[str, object]:
    """The settled page of a part that holds nothing back."""
    return {}


async def nothing_to_stop() -> None:
    """The stop of a part that holds nothing open."""


@dataclass(frozen=True, kw_only=True)
class Resources:
    """Everything that a part may use and did not make itself."""

    name: str
    urls: Mapping[str, str] = field(default_factory=dict)
    """``database``, ``broker``, ``cache``, ``clock``, each peer by name, each simulator's port as ``broker.fix``."""
    sockets: Mapping[str, socket.socket] = field(default_factory=dict)
    """By port name of the manifest: bound on loopback, not listening yet."""
    state: Path = Path()
    """A folder of this part's own."""
    seed: int = 0
    key: str = field(default="", repr=False)
    """Opens internal pages (header X-Internal-Key)."""
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class Running:
    """A part that was opened. The host serves ``asgi`` on the socket ``http`` and runs ``tasks`` until ``stop``."""

    asgi: ASGIApp | None = None
    tasks: Sequence[Loop] = ()
    """Loops for life: one that ends or raises is logged and ends the host with an error."""
    ready: Callable[[], Awaitable[dict[str, str]]] = nothing_unmet
    """Unmet conditions by name; empty when ready."""
    settled: Callable[[], Awaitable[dict[str, object]]] = nothing_pending
    metrics: Metrics | None = None
    """What a simulator shows of itself besides its requests; a service has a page of its own."""
    stop: Callable[[], Awaitable[None]] = nothing_to_stop
