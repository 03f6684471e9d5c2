"""The notification service, wired."""

from services.kernel.service import Service
from services.notifications import api, handlers, store
from services.notifications.gateway import Mailer
from services.notifications.manifest import MANIFEST
from services.runtime.resources import Resources, Running


async def run(resources: Resources) -> Running:
    """Start the service."""
    service = await Service.open(MANIFEST, resources, store.metadata)
    mailer = Mailer(service)
    consumes = handlers.Notifier(mailer.wake).consumes
    return service.running(
        api.router(service), consumes=consumes, tasks=[mailer.run], state=store.STATE, settled=mailer.settled
    )
