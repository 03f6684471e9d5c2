"""Small topologies."""

from services.contracts.events.orders import OrderPlaced
from services.contracts.manifest import ServiceManifest
from tradectl.stack.topology import Topology, of


def part(name: str, *needs: str) -> ServiceManifest:
    return ServiceManifest(name=name, title=name, entry=f"{name}:run", needs=needs)


def chain() -> Topology:
    """c needs b, b needs a."""
    return of([part("c", "b"), part("a"), part("b", "a")])


PRODUCER = ServiceManifest(name="producer", title="", entry="p:run", publishes=(OrderPlaced,))
CONSUMER = ServiceManifest(name="consumer", title="", entry="c:run", consumes=(OrderPlaced,))
LIVE = ServiceManifest(name="live", title="", entry="l:run", live=(OrderPlaced,))
