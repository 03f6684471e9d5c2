"""Orders, wired."""

from services.contracts.instruments import ListedInstrument
from services.kernel.copies import Copy
from services.kernel.service import Service
from services.orders import api, handlers, store
from services.orders.gateway import gateway_of
from services.orders.manifest import MANIFEST
from services.runtime.resources import Resources, Running


async def run(resources: Resources) -> Running:
    """Start the service; it is ready with its copy of the instruments and a session with the broker."""
    service = await Service.open(MANIFEST, resources, store.metadata)
    gateway = gateway_of(service)
    table = store.metadata.tables["instruments"]
    instruments = Copy(service, "market_data", "/internal/instruments", list[ListedInstrument], handlers.fill, table)
    return service.running(
        api.router(service, gateway),
        consumes=handlers.CONSUMES,
        tasks=[gateway.run, instruments.run],
        checks={"instruments": instruments.check, gateway.name: gateway.connected},
        state=store.STATE,
        settled=gateway.settled,
    )
