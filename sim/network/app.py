"""Wiring of the network."""

from urllib.parse import urlsplit

from services.contracts.faults import KINDS, UnfitError
from services.runtime import faults
from services.runtime.faults import Active, Faults
from services.runtime.resources import Resources, Running
from sim.network.manifest import LINKS, OUTSIDE
from sim.network.wire import Wire, ends_of


async def run(resources: Resources) -> Running:
    """Lead each link's socket to the callee that the URLs name; a callee that is not there has no link.

    Option ``apart`` says that services are processes of their own, and so speak to each other over sockets.
    """
    own = faults.of("network")
    wires = []
    for link in LINKS if resources.options.get("apart") else OUTSIDE:
        if link.target in resources.urls:
            far = urlsplit(resources.urls[link.target])
            wire = Wire(link, far.hostname or "", far.port or 0, own)
            await wire.open(resources.sockets[link.port])
            wires.append(wire)
    disturb(own, wires)

    async def stop() -> None:
        for wire in wires:
            await wire.close()

    return Running(stop=stop)


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
