"""The market data service, wired."""

from services.kernel.service import Service
from services.market_data import api, gateway, store
from services.market_data.manifest import MANIFEST
from services.runtime.resources import Resources, Running


async def run(resources: Resources) -> Running:
    """Start the service: instruments and today's bars first, then the stream; older days meanwhile."""
    service = await Service.open(MANIFEST, resources, store.metadata)
    feed, provider, history = await gateway.start(service)
    return service.running(
        api.router(service, feed, provider, history),
        tasks=[feed.run, feed.keep, history.run],
        checks={"provider": feed.check},
        state=store.STATE,
    )
