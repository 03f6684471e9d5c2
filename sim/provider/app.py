"""Wiring of the provider."""

from typing import cast

from services.contracts.metrics import simulators
from services.runtime import faults, local
from services.runtime.metrics import Metrics
from services.runtime.resources import Resources, Running
from sim.faults.door import disturbed
from sim.provider import api
from sim.provider.disturbing import Disturbing
from sim.provider.hub import Hub
from sim.provider.market import Market
from sim.venue.exchange import URL


async def run(resources: Resources) -> Running:
    """Publish what the venue of this process does; the key is option ``provider_key``."""
    market = cast(Market, local.find(URL))
    own = faults.of("provider")
    hub = Hub(disturbing=Disturbing(own, market))
    market.on_market(hub.publish, hub.room)

    async def settled() -> dict[str, object]:
        return {"waiting_bytes": max((subscriber.waiting for subscriber in hub.subscribers), default=0)}

    app = api.application(market, hub, resources.options["provider_key"])
    metrics = Metrics("provider")
    metrics.gauge(simulators.SUBSCRIBERS).read(lambda: len(hub.subscribers))
    metrics.gauge(simulators.WAITING).read(lambda: max((each.waiting for each in hub.subscribers), default=0))
    return Running(asgi=disturbed(app, own), metrics=metrics, settled=settled)
