"""What the mail gateway is."""

from services.contracts.manifest import ServiceManifest

MANIFEST = ServiceManifest(
    name="mail",
    title="Mail gateway",
    entry="sim.mail.app:run",
    kind="simulator",
    ports=("http", "smtp"),
)
