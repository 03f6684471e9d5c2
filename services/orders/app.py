"""Orders, wired."""

from services.kernel.service import Service
from services.orders import api, handlers, store
from services.orders.gateway import Gateway
from services.orders.gateway.instruments import InstrumentCopy
from services.orders.manifest import MANIFEST
from services.runtime.resources import Resources, Running


async def run(resources: Resources) -> Running:
    """Start the service; it is ready with its copy of the instruments and a session with the broker."""
    service = await Service.open(MANIFEST, resources, store.metadata)
    gateway, instruments = Gateway(service), InstrumentCopy(service)
    return service.running(
        api.router(service, gateway.wake),
        consumes=handlers.CONSUMES,
        tasks=[gateway.run, instruments.run],
        checks={"instruments": instruments.filled, "fix": gateway.connected},
        state=store.STATE,
        settled=gateway.settled,
    )
