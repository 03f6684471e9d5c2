"""The portfolio service, wired."""

import msgspec

from services.contracts.instruments import Instrument
from services.kernel.service import Service
from services.portfolio import api, handlers, store
from services.portfolio.manifest import MANIFEST
from services.runtime.resources import Resources, Running


async def run(resources: Resources) -> Running:
    """Start the service, with a fresh copy of the instruments."""
    service = await Service.open(MANIFEST, resources, store.metadata)
    listed = await service.peers["market_data"].json("GET", "/internal/instruments", internal=True)
    await service.database.transact(handlers.keep_instruments, msgspec.convert(listed, list[Instrument]))
    return service.running(api.router(service), consumes=handlers.CONSUMES, state=store.STATE)
