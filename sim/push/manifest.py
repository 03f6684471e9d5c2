"""What the push endpoint is."""

from services.contracts.manifest import ServiceManifest

MANIFEST = ServiceManifest(
    name="push",
    title="Push endpoint",
    entry="sim.push.app:run",
    kind="simulator",
    ports=("http",),
)
