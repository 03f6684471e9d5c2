"""What clients of the provider see of its faults, on a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise

import httpx
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from services.contracts.market import MarketMessage
from services.runtime import faults
from services.runtime.serve import bind, serve
from sim.faults.door import disturbed
from sim.provider import api
from sim.provider.disturbing import Disturbing
from sim.provider.hub import Hub
from tests.breaking import broken, mend
from tests.integration.sim.provider.scripted import KEY, ScriptedMarket

pytestmark = pytest.mark.usefixtures("mended")
SOON = 0.15
"""Seconds in which what is not held up would have come."""


@dataclass
class Door:
    market: ScriptedMarket
    port: int
    rest: httpx.AsyncClient

    @asynccontextmanager
    async def stream(self, *symbols: str) -> AsyncIterator[ClientConnection]:
        """A connection that has its snapshots."""
        async with connect(f"ws://127.0.0.1:{self.port}/ws?key={KEY}", compression=None) as client:
            await client.send(msgspec.json.encode({"op": "subscribe", "symbols": symbols}))
            for _ in symbols:
                await taken(client)
            yield client


@asynccontextmanager
async def door(heartbeat: float = 5.0) -> AsyncIterator[Door]:
    market = ScriptedMarket("AAPL", "IBM")
    hub = Hub(disturbing=Disturbing(faults.of("provider"), market))
    market.on_market(hub.publish, hub.room)
    app = disturbed(api.application(market, hub, KEY, heartbeat), faults.of("provider"))
    server = await serve(app, bind())
    url = f"http://127.0.0.1:{server.port}"
    async with httpx.AsyncClient(base_url=url, headers={"X-API-Key": KEY}) as rest:
        yield Door(market, server.port, rest)
    await server.stop()


async def taken(client: ClientConnection) -> list[MarketMessage]:
    return msgspec.json.decode(await client.recv(), type=list[MarketMessage])


async def silent(client: ClientConnection, seconds: float = SOON) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await client.recv()
    except TimeoutError:
        return True
    return False


async def test_who_is_turned_away_hears_503_and_no_stream_opens_or_stays() -> None:
    async with door() as provider, provider.stream("AAPL") as client:
        broken("provider", "provider.refuse")
        with pytest.raises(ConnectionClosed) as closed:
            await client.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012
        assert (await provider.rest.get("/instruments")).status_code == 503
        with pytest.raises(InvalidStatus):
            await connect(f"ws://127.0.0.1:{provider.port}/ws?key={KEY}", compression=None)
        mend("provider")
        assert (await provider.rest.get("/instruments")).status_code == 200
        async with provider.stream("AAPL"):
            pass


async def test_requests_and_frames_come_so_much_later() -> None:
    loop = asyncio.get_running_loop()
    async with door() as provider, provider.stream("AAPL") as client:
        broken("provider", "provider.latency", ms=200)
        began = loop.time()
        provider.market.move("AAPL")
        assert len(await taken(client)) == 1
        assert loop.time() - began >= 0.2
        began = loop.time()
        assert (await provider.rest.get("/snapshot/AAPL")).status_code == 200
        assert loop.time() - began >= 0.2


async def test_latency_is_no_lower_rate() -> None:
    loop = asyncio.get_running_loop()
    async with door() as provider, provider.stream("AAPL") as client:
        broken("provider", "provider.latency", ms=300)
        began = loop.time()
        for _ in range(10):
            provider.market.move("AAPL")
            await asyncio.sleep(0)
        seen = 0
        while seen < 10:
            seen += len(await taken(client))
        assert 0.3 <= loop.time() - began < 3


async def test_requests_are_answered_by_500() -> None:
    async with door() as provider:
        broken("provider", "provider.errors", percent=100)
        assert (await provider.rest.get("/instruments")).status_code == 500
        mend("provider")
        broken("provider", "provider.errors", percent=50)
        seen = [(await provider.rest.get("/instruments")).status_code for _ in range(40)]
        assert {200, 500} == set(seen)


async def test_open_streams_end_again_and_again() -> None:
    async with door() as provider:
        async with provider.stream("AAPL") as first:
            broken("provider", "provider.reset", every=0.2)
            with pytest.raises(ConnectionClosed):
                await first.recv()
        async with provider.stream("AAPL") as second:
            with pytest.raises(ConnectionClosed):
                await second.recv()


async def test_frames_that_are_dropped_never_come() -> None:
    async with door() as provider, provider.stream("AAPL") as client:
        broken("provider", "provider.drop", percent=100)
        provider.market.move("AAPL")
        assert await silent(client)
        mend("provider")
        provider.market.move("AAPL")
        assert [message.seq for message in await taken(client)] == [2]


async def test_a_stale_provider_still_sends_heartbeats() -> None:
    async with door(heartbeat=0.05) as provider, provider.stream("AAPL") as client:
        broken("provider", "provider.stale")
        while True:
            provider.market.move("AAPL")
            if not await silent(client, 0.01):
                break
        assert await taken(client) == []


async def test_half_open_means_not_even_heartbeats_and_all_that_waited_comes_when_it_is_over() -> None:
    async with door(heartbeat=0.05) as provider, provider.stream("AAPL") as client:
        broken("provider", "provider.half_open")
        provider.market.move("AAPL", 2)
        while not await silent(client):
            pass  # a heartbeat that was on its way
        mend("provider")
        assert [message.seq for message in await taken(client)] == [1, 2]


async def test_a_slow_stream_takes_as_long_as_its_rate_says() -> None:
    loop = asyncio.get_running_loop()
    async with door() as provider, provider.stream("AAPL") as client:
        broken("provider", "provider.slow", rate=10)
        began = loop.time()
        provider.market.move("AAPL", 40)
        size = len(await client.recv())
        assert loop.time() - began >= size / 10_240 * 0.9


@pytest.mark.parametrize("kind", ["provider.gap", "feed.gap"])
async def test_a_client_sees_from_the_numbers_that_messages_are_missing(kind: str) -> None:
    async with door() as provider, provider.stream("AAPL") as client:
        broken("provider", kind, percent=50)
        provider.market.move("AAPL", 100)
        told = await taken(client)
        assert any(after.seq != before.seq + 1 for before, after in pairwise(told))


async def test_pages_of_the_tool_are_never_disturbed() -> None:
    async with door() as provider:
        broken("provider", "provider.refuse")
        assert (await provider.rest.get("/internal/anything")).status_code == 404
