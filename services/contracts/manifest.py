"""Manifests: what a service or simulator is, as frozen data; the tool starts everything from these alone."""

from dataclasses import dataclass
from typing import Literal

from services.contracts.event import Event


@dataclass(frozen=True, kw_only=True)
class ServiceManifest:
    """Names are as on the command line (``market_data``); ``entry`` is ``module:function``, an entry point

    ``async def run(resources: Resources) -> Running`` that the host imports and nobody else.
    """

    name: str
    title: str
    entry: str
    kind: Literal["service", "simulator"] = "service"
    needs: tuple[str, ...] = ()
    """Other parts by name that must be up before this one starts."""
    calls: tuple[str, ...] = ()
    """Services asked by HTTP at run time; no start order follows from it."""
    ports: tuple[str, ...] = ("http",)
    """Listening sockets; the host binds them on loopback and hands them over."""
    database: bool = False
    publishes: tuple[type[Event], ...] = ()
    consumes: tuple[type[Event], ...] = ()
    yields: bool = False
    """Whether no order waits for it: where it is a process of its own, on a busy machine the others go first."""
    ordered: bool = False
    """Whether its consumer needs the events of one key in their order."""
    seed: str = ""
    """``module:function``, an entry point ``async def seed(uow, batch)`` that writes rows as if they had always been
    there; for the kernel, in the service's own process."""
    live: tuple[type[Event], ...] = ()
    """Events taken by a queue that goes with the process (the BFF's stream)."""
