"""What the operators' chat is."""

from services.contracts.manifest import ServiceManifest

MANIFEST = ServiceManifest(
    name="chatops",
    title="Operators' chat",
    entry="sim.chatops.app:run",
    kind="simulator",
    ports=("http",),
)
