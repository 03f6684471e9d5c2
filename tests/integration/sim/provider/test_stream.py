"""The provider's WebSocket on a real socket."""

import json

import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from services.contracts.market import BookSnapshot, MarketMessage
from services.runtime.serve import Server
from sim.provider import stream
from sim.provider.hub import Hub
from tests.eventually import eventually
from tests.integration.sim.provider.scripted import KEY, ScriptedMarket, provider


def stream_of(server: Server, key: str = KEY) -> connect:
    return connect(f"ws://127.0.0.1:{server.port}/ws?key={key}", compression=None)


async def subscribe(client: ClientConnection, *symbols: str, op: str = "subscribe") -> None:
    await client.send(json.dumps({"op": op, "symbols": symbols}))


async def batch(client: ClientConnection) -> list[MarketMessage]:
    frame = await client.recv()
    assert isinstance(frame, bytes)
    return msgspec.json.decode(frame, type=list[MarketMessage])


async def close_code(client: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        await read_to_the_end(client)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


async def read_to_the_end(client: ClientConnection) -> None:
    while True:
        await client.recv()


async def test_a_subscription_begins_with_a_snapshot_and_goes_on_without_a_hole() -> None:
    market = ScriptedMarket("AAPL", "IBM")
    async with provider(market) as server, stream_of(server) as client:
        market.seq["AAPL"] = 41
        await subscribe(client, "AAPL")
        (snapshot,) = await batch(client)
        assert isinstance(snapshot, BookSnapshot)
        market.move("IBM", 3)
        market.move("AAPL", 300)
        seen = [message for _ in range(2) for message in await batch(client)]
        assert [message.seq for message in [snapshot, *seen]] == list(range(41, 342))


async def test_the_header_x_api_key_opens_the_stream_too() -> None:
    async with provider(ScriptedMarket("AAPL")) as server:
        url = f"ws://127.0.0.1:{server.port}/ws"
        async with connect(url, additional_headers={"X-API-Key": KEY}) as client:
            await subscribe(client, "AAPL")
            assert len(await batch(client)) == 1


async def test_a_second_subscription_brings_a_new_snapshot() -> None:
    market = ScriptedMarket("AAPL")
    async with provider(market) as server, stream_of(server) as client:
        await subscribe(client, "AAPL")
        await batch(client)
        market.move("AAPL")
        await batch(client)
        await subscribe(client, "AAPL")
        assert [message.seq for message in await batch(client)] == [1]


async def test_an_ended_subscription_brings_nothing_more() -> None:
    market = ScriptedMarket("AAPL", "IBM")
    hub = Hub()
    async with provider(market, hub) as server, stream_of(server) as client:
        await subscribe(client, "AAPL", "IBM")
        assert {message.symbol for _ in range(2) for message in await batch(client)} == {"AAPL", "IBM"}
        await subscribe(client, "AAPL", op="unsubscribe")
        await eventually(lambda: all(one.symbols == {"IBM"} for one in hub.subscribers))
        market.move("AAPL")
        market.move("IBM")
        assert [message.symbol for message in await batch(client)] == ["IBM"]


@pytest.mark.parametrize("key", ["", "wrong", "ключ"])
async def test_a_wrong_key_is_refused_with_4401(key: str) -> None:
    async with provider(ScriptedMarket("AAPL")) as server, stream_of(server, key) as client:
        assert await close_code(client) == stream.WRONG_KEY


async def test_an_unknown_symbol_ends_the_connection_with_4404() -> None:
    async with provider(ScriptedMarket("AAPL")) as server, stream_of(server) as client:
        await subscribe(client, "AAPL", "NOPE")
        assert await close_code(client) == stream.UNKNOWN_SYMBOL


@pytest.mark.parametrize("said", ["", "{", "[]", '{"op":"buy","symbols":[]}', '{"op":"subscribe","symbols":[],"x":1}'])
async def test_what_is_not_understood_ends_the_connection_with_4400(said: str) -> None:
    async with provider(ScriptedMarket("AAPL")) as server, stream_of(server) as client:
        await client.send(said)
        assert await close_code(client) == stream.NOT_UNDERSTOOD


async def test_silence_is_broken_by_an_empty_array() -> None:
    async with provider(ScriptedMarket("AAPL"), heartbeat=0.02) as server, stream_of(server) as client:
        assert await batch(client) == []


async def test_a_client_that_does_not_read_is_dropped_and_comes_back_by_a_snapshot() -> None:
    market, hub = ScriptedMarket("AAPL"), Hub(backlog=200_000)
    async with provider(market, hub) as server:
        async with stream_of(server) as client:
            await subscribe(client, "AAPL")
            await eventually(lambda: hub.subscribers)
            await eventually(lambda: all(one.symbols for one in hub.subscribers))

            def pour_until_overrun() -> bool:
                market.move("AAPL", 2_000)
                return not hub.subscribers or any(one.overrun for one in hub.subscribers)

            await eventually(pour_until_overrun)
            assert await close_code(client) == stream.TOO_SLOW
        await eventually(lambda: not hub.subscribers)
        async with stream_of(server) as again:
            await subscribe(again, "AAPL")
            assert [message.seq for message in await batch(again)] == [market.seq["AAPL"]]


async def test_a_client_that_left_is_forgotten() -> None:
    hub = Hub()
    async with provider(ScriptedMarket("AAPL"), hub) as server:
        async with stream_of(server) as client:
            await subscribe(client, "AAPL")
            await eventually(lambda: len(hub.subscribers) == 1)
        await eventually(lambda: not hub.subscribers)
