"""What the broker is."""

from services.contracts.manifest import ServiceManifest

MANIFEST = ServiceManifest(
    name="broker",
    title="Broker",
    entry="sim.broker.app:run",
    kind="simulator",
    needs=("venue",),
    ports=("http", "fix"),
)
