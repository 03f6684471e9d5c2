"""What a child gives to the parts that live in it: URLs decide where everything is."""

import json
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from services.runtime.resources import Resources
from tradectl.stack import ports
from tradectl.stack.children import Child, Instance, Layout, layout_of
from tradectl.stack.outside import CLIENT
from tradectl.stack.settings import RunSettings, load
from tradectl.stack.state import Sandbox, read_json, write_json
from tradectl.stack.topology import NETWORK
from tradectl.stack.wired import wired

ADMIN = "admin@tradectl.invalid"
"""The first admin's address; the password is among the sandbox's secrets."""
CLOCK = "memory://clock"


@dataclass(frozen=True, kw_only=True)
class Charge:
    """What the supervisor hands to a child; ``sockets`` are its own."""

    sandbox: Sandbox
    layout: Layout
    child: Child
    settings: RunSettings
    sockets: Mapping[str, socket.socket]
    known: frozenset[str] = frozenset()
    """The modules that the parent has imported."""
    restarts: int = 0
    been_up: bool = False
    """Whether all has been ready before: then a failure is tried again."""


def charge_of(sandbox: Sandbox, child: str, sockets: Mapping[str, socket.socket], **known: Any) -> Charge:
    """The charge of a child: what its parent knows, and all else from the sandbox's files."""
    settings = load(sandbox)
    layout = layout_of(settings)
    return Charge(sandbox=sandbox, layout=layout, child=layout[child], settings=settings, sockets=sockets, **known)


def announce(charge: Charge, process: int, **more: Any) -> None:
    """Say that a child is up, as which process and since when (wall, microseconds)."""
    document = {"pid": process, "started": time.time_ns() // 1_000, "restarts": charge.restarts, **more}
    write_json(charge.sandbox.ready / f"{charge.child.name}.json", document)


def resources_of(charge: Charge, instance: Instance) -> Resources:
    """Everything that this copy of a part may use."""
    sandbox, manifest = charge.sandbox, charge.layout.topology[instance.part]
    state = sandbox.data / instance.name
    state.mkdir(mode=0o700, exist_ok=True)
    keys = sandbox.keys()
    return Resources(
        name=manifest.name,
        urls=_through_network(charge, instance.part, dict(_urls(charge, instance))),
        sockets={port: charge.sockets[f"{instance.name}.{port}"] for port in manifest.ports},
        state=state,
        seed=charge.settings.seed,
        key=keys["key"],
        options={
            **charge.settings.options(),
            **({} if charge.layout.topology.services else {"fix_clients": CLIENT}),
            "admin_email": ADMIN,
            "instance": str(instance.number),
            "orders.fix_trace": "yes",  # the broker is ours
            **({"servers": str(sandbox.infrastructure)} if manifest.name == NETWORK else {}),
            "apart": "yes" if any(child.service for child in charge.layout) else "",
            "consumers": json.dumps(charge.layout.topology.consumers(manifest)),
            **{name: key for name, key in keys.items() if name != "key"},
        },
    )


def clock_url(charge: Charge) -> str:
    """Where market time is told: by the owner's own process to itself."""
    return ports.endpoints(charge.sandbox.ports)["clock.http"] if charge.child.service else CLOCK


def _urls(charge: Charge, instance: Instance) -> Iterator[tuple[str, str]]:
    endpoints = ports.endpoints(charge.sandbox.ports)
    yield from endpoints.items()
    if charge.child.service:
        yield "clock", clock_url(charge)
        yield from _peers(charge, instance, endpoints)
        yield from _servers(charge.sandbox, instance.part)
        return
    yield "clock", clock_url(charge)
    yield from ((service.name, f"asgi://{service.name}") for service in charge.layout.topology.services)
    yield "cache", "memory://cache"
    yield "broker", f"memory://broker?path={quote(str(charge.sandbox.data / 'broker.db'))}"
    if charge.layout.topology[instance.part].database:
        yield "database", f"sqlite+aiosqlite:///{charge.sandbox.data / f'{instance.part}.db'}"


def _through_network(charge: Charge, part: str, urls: dict[str, str]) -> Mapping[str, str]:
    """Where there is a network between parts, each link's near end in the place of the callee."""
    return wired(part, urls) if NETWORK in charge.layout.topology.parts else urls


def _peers(charge: Charge, me: Instance, endpoints: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """One instance of each service for each caller, so that callers are spread over them; a service is its own peer."""
    services = [child.instances[0] for child in charge.layout if child.service]
    place = services.index(me)
    for part in charge.layout.topology.services:
        choice = [each for each in services if each.part == part.name]
        yield part.name, endpoints[f"{choice[place % len(choice)].name}.http"]
    yield me.part, f"asgi://{me.part}"


def _servers(sandbox: Sandbox, part: str) -> Iterator[tuple[str, str]]:
    """Database, replica, broker and cache of a service, as whoever started them has written them down."""
    document: Mapping[str, Any] = read_json(sandbox.infrastructure)
    yield from ((name, str(url)) for name, url in document["urls"].get(part, {}).items())
