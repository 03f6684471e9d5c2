"""Wiring of the network."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from services.contracts.faults import KINDS, UnfitError
from services.runtime import faults
from services.runtime.faults import Active, Faults
from services.runtime.resources import Resources, Running
from sim.network.manifest import LINKS, OUTSIDE, SERVED, Link
from sim.network.wire import Address, Wire, ends_of

LOOPBACK = "127.0.0.1"


async def run(resources: Resources) -> Running:
    """Lead each link's socket to the callee that the URLs name; a callee that is not there has no link.

    Option ``apart`` says that services are processes of their own, and so speak to each other over sockets;
    ``servers`` is the file in which those who start servers write down where they are.
    """
    own = faults.of("network")
    wires = []
    for link, far in _far_ends(resources):
        wire = Wire(link, far, own)
        await wire.open(resources.sockets[link.port])
        wires.append(wire)
    disturb(own, wires)

    async def stop() -> None:
        for wire in wires:
            await wire.close()

    return Running(stop=stop)


def _far_ends(resources: Resources) -> Iterator[tuple[Link, Callable[[], Address]]]:
    """Each link that there is."""
    apart = resources.options.get("apart")
    for link in LINKS if apart else OUTSIDE:
        if link in SERVED:
            yield link, partial(server, Path(resources.options["servers"]), link.callee)
        elif link.target in resources.urls:
            yield link, partial(address, resources.urls[link.target])


def address(url: str) -> Address:
    """Where a part is."""
    far = urlsplit(url)
    return far.hostname or "", far.port or 0


def server(written: Path, role: str) -> Address:
    """Where a server is now; OSError while nobody has written it down."""
    return LOOPBACK, msgspec.json.decode(written.read_bytes())["containers"][role]["port"]


def disturb(own: Faults, wires: list[Wire]) -> None:
    """Have connections end where a fault says so; one that lay dead ends when it comes to life."""

    def cut(active: Active) -> None:
        for wire in wires:
            if wire.link.ends == ends_of(active):
                wire.cut()

    def begin(active: Active) -> None:
        if not any(wire.link.ends == ends_of(active) for wire in wires):
            known = ", ".join(sorted({",".join(sorted(wire.link.ends)) for wire in wires}))
            raise UnfitError(f"no link lies between {active.text('between')}; there are {known}")
        if active.fault.kind == "network.reset":
            active.repeat(active.number("every"), cut)
        elif active.fault.kind == "network.refuse":
            cut(active)

    for kind in KINDS.values():
        if kind.part == "network":
            own.on(kind.name, begin, cut if kind.name == "network.half_open" else None)
