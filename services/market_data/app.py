"""The market data service, wired."""

from services.kernel.service import Service
from services.market_data import api, store
from services.market_data.gateway import Feed, Leading, Stream, start
from services.market_data.manifest import MANIFEST
from services.runtime.resources import Resources, Running


async def run(resources: Resources) -> Running:
    """Start the service: instruments and today's bars first, then the stream; older days meanwhile."""
    service = await Service.open(MANIFEST, resources, store.metadata)
    symbols, provider, history = await start(service)
    feed = Feed(service, provider, symbols)
    stream = Stream(service, provider, feed)
    sources = api.Sources(symbols, feed.stale, provider.trades, history.fill, history.filled)
    return service.running(
        api.router(service, sources),
        tasks=[stream.run, feed.keep, feed.tell_candles, history.follow, Leading(service, feed, history).run],
        checks={"provider": feed.check},
        state=store.STATE,
        settled=feed.settled,
    )
