"""The stream's parts, put together."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from services.bff.handlers import figures
from services.bff.handlers.desk import Desk
from services.bff.handlers.feed import Feed
from services.bff.handlers.live import Live
from services.bff.handlers.market import Markets
from services.bff.handlers.rates import Rate
from services.bff.handlers.session import Sessions
from services.bff.handlers.snapshots import Snapshots
from services.bff.handlers.streams import Streams
from services.contracts.instruments import Instrument
from services.kernel.copies import asked
from services.kernel.kept import said
from services.kernel.peers import Peer
from services.kernel.service import Service
from services.runtime.health import Check

TIDY_EVERY = 5.0
"""Seconds between two looks for what nobody follows any more."""


@dataclass(frozen=True)
class Stream:
    """Everything behind the WebSocket."""

    feed: Feed
    live: Live
    desk: Desk
    markets: Markets
    streams: Streams

    async def tidy(self) -> None:
        """Forget, for life, what nobody follows."""
        while True:
            await asyncio.sleep(TIDY_EVERY)
            await self.markets.sweep()
            await self.streams.sweep()


async def recall(service: Service) -> None:
    """Learn which sessions ended while nobody listened, however long auth takes to say so."""
    service.verifier.revoke(await asked(service, "auth", "/internal/revoked", list[str]))


async def open_stream(service: Service) -> Stream:
    """Fetch the instruments, whose scales every price needs, and subscribe to the cache."""
    await recall(service)
    listed = await asked(service, "market_data", "/internal/instruments", list[Instrument])
    instruments = {each.symbol: each for each in listed}
    market_data = service.peers["market_data"]
    feed = Feed(service.cache)
    await feed.open()
    sessions = Sessions(service.settings.bff.connections_per_user)
    markets = Markets(feed, market_data, instruments)
    snapshots = Snapshots(service.peers, service.cache, instruments)

    async def ask(page: str, symbol: str) -> bytes | None:
        return (await said(market_data, page, [symbol])).get(symbol)

    streams = Streams(feed, instruments, snapshots.of, ask)
    rate = Rate(service.cache, "user", service.settings.bff.user_requests_per_second)
    desk = Desk(service.verifier, sessions, markets, streams, rate, service.settings.bff)
    figures.measure(service.metrics, sessions, feed)
    return Stream(feed, Live(sessions, streams, instruments, partial(recall, service)), desk, markets, streams)


def peer_checks(service: Service) -> Mapping[str, Check]:
    """Every service behind the door, for /ready: without one the BFF is degraded, not down."""
    names = (*service.manifest.needs, *service.manifest.calls)
    return {name: partial(answers, service.peers[name]) for name in names}


async def answers(peer: Peer) -> str | None:
    """None when the peer lives, else what it says."""
    status = (await peer.request("GET", "/live")).status
    return None if status == 200 else f"{peer.name} answers {status}"
