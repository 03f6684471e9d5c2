"""The recommendation service, wired."""

from services.kernel.service import Service
from services.recommendations import api, store
from services.recommendations.gateway import Analyst
from services.recommendations.handlers import popular
from services.recommendations.manifest import MANIFEST
from services.runtime.resources import Resources, Running


async def run(resources: Resources) -> Running:
    """Start the service."""
    service = await Service.open(MANIFEST, resources, store.metadata)
    analyst = Analyst(service)
    return service.running(
        api.router(service),
        consumes={**analyst.consumes, **popular.CONSUMES},
        tasks=[analyst.run],
        state=store.STATE,
        settled=analyst.settled,
    )
