"""Redis is killed, paused, emptied: clients get the market a little later, the same limits, and everything else."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.kernel.cache.link import PATIENCE
from tests.eventually import eventually
from tests.integration.bff.conftest import ADMIN, FAST, OTHERS
from tests.integration.bff.market import TestMarket
from tests.integration.bff.stack import Stack, stack
from tests.integration.bff.wire import API, Client, Message, entered
from tests.integration.outage import SOON, Redis, breakable

LOG_INS = 3
FOLLOWED = ("quotes:AAPL", "book:AAPL", "trades:AAPL", "candles:AAPL:1m")


@pytest.fixture
async def redis() -> AsyncIterator[Redis]:
    async with breakable() as running:
        yield running


@pytest.fixture
async def auth(tmp_path: Path, redis: Redis, options: dict[str, str]) -> AsyncIterator[Stack]:
    async with stack(tmp_path, peers=("auth", "bff", *OTHERS), options={**FAST, **ADMIN, **options}) as made:
        made.urls["cache"] = redis.url
        async with made.part("auth"):
            yield made
        await made.cache.close()


async def follow(client: Client) -> None:
    """Until each channel's state has come."""
    await client.subscribe(*FOLLOWED)
    waiting = set(FOLLOWED)
    while waiting:
        waiting.discard((await client.until(lambda message: message["type"] == "snapshot"))["channel"])


class Told:
    """What a client is told of AAPL, by channel: the last value, and every trade."""

    def __init__(self, market: TestMarket) -> None:
        self._market = market
        self.trades: list[int] = []
        self.bids: dict[str, str] = {}
        self.quote: str | None = None
        self.minute: str | None = None

    async def listen(self, client: Client) -> None:
        """For as long as the connection lives."""
        async for frame in client.socket:
            for message in json.loads(frame):
                self.take(message)

    def take(self, message: Message) -> None:
        data: Any = message.get("data")
        assert message["type"] != "resubscribe", message
        match message.get("channel"):
            case "trades:AAPL" if message["type"] == "delta":
                self.trades.append(data["id"])
            case "book:AAPL":
                if message["type"] == "snapshot":
                    self.bids = {}
                self.bids |= dict(data["bids"])
            case "quotes:AAPL":
                self.quote = data["bid"]
            case "candles:AAPL:1m":
                self.minute = data["close"]

    async def until(self, trades: int, bid: str, close: str) -> None:
        """Until it is the state of the market, whose loops do meanwhile what they do."""

        async def told() -> bool:
            await self._market.remind()
            return (len(self.trades), self.quote, self.minute, self.bids.get(bid)) == (trades, bid, close, "7")

        await eventually(told, SOON, every=0.1)
        assert self.trades == list(range(1, trades + 1))


@asynccontextmanager
async def following(running: Stack, market: TestMarket, tokens: dict[str, str]) -> AsyncIterator[Told]:
    """A client of all four channels, and what it is told."""
    told = Told(market)
    async with entered(running, tokens) as client:
        await follow(client)
        listening = asyncio.ensure_future(told.listen(client))
        yield told
        listening.cancel()
        await asyncio.wait({listening})
        assert listening.cancelled()


async def said_of_cache(client: httpx.AsyncClient) -> str:
    return str((await client.get("/ready")).json()["checks"]["cache"])


async def happen(market: TestMarket, number: int) -> tuple[int, str, str]:
    """The next trade and a better bid; how the market is then."""
    await market.trade("AAPL", 20_010 + number, 1)
    await market.levels("AAPL", [(20_000 + number, 7)], [])
    return number, f"200.0{number}", f"200.1{number}"


async def test_clients_follow_the_market_while_redis_is_away_and_when_it_is_back(
    running: Stack, market: TestMarket, ann: dict[str, str], redis: Redis
) -> None:
    async with following(running, market, ann) as told:
        await told.until(*await happen(market, 1))
        await redis.kill()
        await told.until(*await happen(market, 2))
        await told.until(*await happen(market, 3))
        await redis.start()
        await told.until(*await happen(market, 4))
        await redis.pause()
        await told.until(*await happen(market, 5))
        await redis.resume()
        await told.until(*await happen(market, 6))


async def test_what_was_lost_on_its_way_into_redis_is_told_although_nothing_happens_after_it(
    running: Stack, market: TestMarket, ann: dict[str, str], redis: Redis
) -> None:
    async with following(running, market, ann) as told:
        for number in range(1, 6):
            await redis.cut_off("normal")
            await told.until(*await happen(market, number))


async def test_a_quote_is_there_although_the_cache_was_emptied(
    running: Stack, market: TestMarket, ann: dict[str, str], redis: Redis
) -> None:
    await redis.empty()
    async with entered(running, ann) as client:
        await client.subscribe("quotes:AAPL")
        assert (await client.of("quotes:AAPL"))["data"]["bid"] == "199.90"


async def test_of_many_requests_the_first_waits_for_a_redis_that_says_nothing(
    client: httpx.AsyncClient, ann: dict[str, str], redis: Redis
) -> None:
    headers = {"Authorization": f"Bearer {ann['access_token']}"}
    await redis.pause()
    began = time.monotonic()
    for _ in range(10):
        assert (await client.get(f"{API}/me", headers=headers)).status_code == 200
    assert time.monotonic() - began < 2 * PATIENCE
    assert "Redis gave no answer" in await said_of_cache(client)
    await redis.resume()

    async def well() -> bool:
        return await said_of_cache(client) == "ok"

    await eventually(well, SOON)


async def test_a_bff_that_starts_without_redis_serves_and_says_so(
    auth: Stack, market: TestMarket, redis: Redis
) -> None:
    await redis.kill()
    async with auth.part("bff"), httpx.AsyncClient(base_url=auth.url("bff"), trust_env=False) as client:
        assert await said_of_cache(client) != "ok"
        assert (await client.get(f"{API}/me")).status_code == 401


class TestLimits:
    """Counted in the process for as long as they cannot be counted together."""

    @pytest.fixture
    def options(self) -> dict[str, str]:
        return {"bff.log_ins_per_minute": str(LOG_INS)}

    async def test_nobody_tries_more_passwords_because_redis_is_away(
        self, running: Stack, client: httpx.AsyncClient, redis: Redis
    ) -> None:
        await redis.kill()
        guess = {"email": "ann@example.org", "password": "wrong horse battery"}
        two_minutes = [await client.post(f"{API}/auth/login", json=guess) for _ in range(2 * LOG_INS + 1)]
        assert {answer.status_code for answer in two_minutes} == {401, 429}
