"""What the clock is."""

from services.contracts.manifest import ServiceManifest

MANIFEST = ServiceManifest(name="clock", title="Market clock", entry="sim.clock.app:run", kind="simulator")
