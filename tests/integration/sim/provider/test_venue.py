"""The provider over the real venue: a feed at fifty times real speed reaches a client whole and in order."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
from websockets.asyncio.client import ClientConnection, connect

from services.contracts.market import BookDelta, BookSnapshot, Level, MarketMessage, Trade
from tests.integration.sim.outside import KEY, Ports, outside

SYMBOL = "BTCUSDT"
MESSAGES = 1_000


class Follower:
    """Keeps a book as any client would, and sees a hole at once."""

    def __init__(self, snapshot: BookSnapshot) -> None:
        self.seq = snapshot.seq
        self.trade_id = snapshot.last_trade_id
        self.bids: dict[int, int] = dict(snapshot.bids)
        self.asks: dict[int, int] = dict(snapshot.asks)

    def follow(self, message: MarketMessage) -> None:
        assert not isinstance(message, BookSnapshot)
        assert message.prev_seq == self.seq
        self.seq = message.seq
        if isinstance(message, Trade):
            assert message.trade_id == self.trade_id + 1
            self.trade_id = message.trade_id
        elif isinstance(message, BookDelta):
            change(self.bids, message.bids)
            change(self.asks, message.asks)


def change(side: dict[int, int], levels: list[Level]) -> None:
    for price, quantity in levels:
        side[price] = quantity
        if not quantity:
            del side[price]


async def messages(client: ClientConnection) -> AsyncIterator[MarketMessage]:
    async for frame in client:
        for message in msgspec.json.decode(frame, type=list[MarketMessage]):
            yield message


def stream_of(ports: Ports) -> connect:
    url = f"ws://127.0.0.1:{ports['provider.http']}/ws?key={KEY}"
    return connect(url, compression=None)


async def subscribe(client: ClientConnection) -> BookSnapshot:
    await client.send(json.dumps({"op": "subscribe", "symbols": [SYMBOL]}))
    async for message in messages(client):
        if isinstance(message, BookSnapshot):
            return message
    raise AssertionError("no snapshot came")


async def test_a_client_of_a_fast_feed_keeps_the_venues_book(tmp_path: Path) -> None:
    options = {"symbols": SYMBOL, "speed": "50"}
    async with (
        outside(tmp_path, "clock", "venue", "provider", options=options) as ports,
        stream_of(ports) as client,
    ):
        follower, seen = Follower(await subscribe(client)), 0
        async for message in messages(client):
            if isinstance(message, BookSnapshot):
                assert (dict(message.bids), dict(message.asks)) == (follower.bids, follower.asks)
                assert (message.seq, message.last_trade_id) == (follower.seq, follower.trade_id)
                break
            follower.follow(message)
            seen += 1
            if seen == MESSAGES:
                await client.send(json.dumps({"op": "subscribe", "symbols": [SYMBOL]}))


async def test_trades_that_a_client_missed_are_fetched_after_their_id(tmp_path: Path) -> None:
    options = {"symbols": SYMBOL, "speed": "50"}
    async with outside(tmp_path, "clock", "venue", "provider", options=options) as ports:
        told: list[Trade] = []
        async with stream_of(ports) as client:
            before = (await subscribe(client)).last_trade_id
            async for message in messages(client):
                if isinstance(message, Trade):
                    told.append(message)
                if len(told) == 100:
                    break
        url = f"http://127.0.0.1:{ports['provider.http']}/trades"
        async with httpx.AsyncClient(headers={"X-API-Key": KEY}) as rest:
            answer = await rest.get(url, params={"symbol": SYMBOL, "after": before, "limit": 100})
        fetched = msgspec.json.decode(answer.content, type=list[Trade])
        assert [msgspec.structs.replace(trade, seq=0, prev_seq=0) for trade in told] == fetched
