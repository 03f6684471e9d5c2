"""What the venue is."""

from services.contracts.manifest import ServiceManifest

MANIFEST = ServiceManifest(name="venue", title="Venue", entry="sim.venue.app:run", kind="simulator", needs=("clock",))
