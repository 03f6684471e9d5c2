"""The portfolio service, wired."""

from services.contracts.instruments import Instrument
from services.kernel.copies import Copy
from services.kernel.service import Service
from services.portfolio import api, handlers, store
from services.portfolio.manifest import MANIFEST
from services.runtime.resources import Resources, Running


async def run(resources: Resources) -> Running:
    """Start the service; it is ready with its copy of the instruments."""
    service = await Service.open(MANIFEST, resources, store.metadata)
    fill = handlers.keep_instruments
    table = store.metadata.tables["instruments"]
    instruments = Copy(service, "market_data", "/internal/instruments", list[Instrument], fill, table)
    return service.running(
        api.router(service),
        consumes=handlers.consumes(handlers.Figures(service.metrics).booked),
        tasks=[instruments.run],
        checks={"instruments": instruments.check},
        state=store.STATE,
    )
