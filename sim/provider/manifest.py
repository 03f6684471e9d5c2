"""What the provider is."""

from services.contracts.manifest import ServiceManifest

MANIFEST = ServiceManifest(
    name="provider",
    title="Market data provider",
    entry="sim.provider.app:run",
    kind="simulator",
    needs=("venue",),
)
