"""The chat service, wired."""

from services.chat import api, handlers, store
from services.chat.handlers import figures
from services.chat.manifest import MANIFEST
from services.kernel.service import Service
from services.runtime.resources import Resources, Running


async def run(resources: Resources) -> Running:
    """Start the service."""
    service = await Service.open(MANIFEST, resources, store.metadata)
    figures.measure(service)
    return service.running(api.router(service), consumes=handlers.CONSUMES, state=store.STATE)
