"""Who may speak with whom: a network for each callee, in which it and its callers are."""

from collections.abc import Mapping

from tradectl.render.wiring import callees, host
from tradectl.stack.topology import Topology

Links = Mapping[str, frozenset[str]]
"""By container: the networks in which it is."""
PUBLISHED, PAGES, ASKING = "published", "published-pages", "published-asking"
"""What is published on this machine's loopback is in one of these, in which nobody can speak with another.

Who calls another is not in the same one: a name leads to any address that both could see.
"""
EXPORTERS = "exporters"
"""Who measures others, and shows Prometheus what."""
SCALE: Mapping[str, int] = {"bff": 2}
"""Copies of a service where there are several."""


def containers(part: str, scale: Mapping[str, int]) -> tuple[str, ...]:
    """Those that hold the copies of a service; the first has its name."""
    return (host(part), *(f"{host(part)}-{number}" for number in range(2, scale.get(part, 1) + 1)))


def links(topology: Topology, scale: Mapping[str, int]) -> dict[str, frozenset[str]]:
    """The networks of each service's container and of the simulated world."""
    found = {"sim": frozenset({"sim"})}
    for manifest in topology.services:
        for container in containers(manifest.name, scale):
            found[container] = frozenset({host(manifest.name), *callees(topology, manifest)})
    return found


def inner(name: str) -> str:
    """The name of a part in its own network, and in no other: there alone a service listens, by that it is called.

    Its name without more is an address in every network that it is in.
    """
    return f"{host(name)}.in"


def own(container: str) -> str:
    """The name of one copy of a part, in its own network alone: at that it listens."""
    return f"{container}.me"
