"""The notification service, wired."""

from services.kernel.service import Service
from services.notifications import api, handlers, store
from services.notifications.gateway import Office
from services.notifications.manifest import MANIFEST
from services.runtime.resources import Resources, Running


async def run(resources: Resources) -> Running:
    """Start the service; it is ready with its copy of the instruments."""
    service = await Service.open(MANIFEST, resources, store.metadata)
    office = Office(service)
    notifier = handlers.Notifier(office.wake, office.created)
    alerts = handlers.Alerts(service.database, notifier.send)
    instruments = handlers.instruments(service)
    return service.running(
        api.router(service),
        consumes=handlers.consumes(notifier, alerts),
        live=alerts.on_quotes,
        tasks=[*office.tasks, instruments.run],
        checks={"instruments": instruments.check},
        state=store.STATE,
        settled=office.settled,
    )
