"""Wiring of the provider."""

from typing import cast

from services.runtime import local
from services.runtime.resources import Resources, Running
from sim.provider import api
from sim.provider.hub import Hub
from sim.provider.market import Market
from sim.venue.exchange import URL


async def run(resources: Resources) -> Running:
    """Publish what the venue of this process does; the key is option ``provider_key``."""
    market = cast(Market, local.find(URL))
    hub = Hub()
    market.on_market(hub.publish, hub.room)

    async def settled() -> dict[str, object]:
        return {"waiting_bytes": max((subscriber.waiting for subscriber in hub.subscribers), default=0)}

    return Running(asgi=api.application(market, hub, resources.options["provider_key"]), settled=settled)
