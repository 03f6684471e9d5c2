"""Redis is killed or emptied under market data, which follows the market all the same and sets everything again."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from services.contracts import channels
from services.contracts.market import Bar, BookSnapshot, Quote
from services.kernel.cache import LOST, Subscription
from services.runtime.resources import Running
from tests.eventually import eventually
from tests.integration.market_data.street import Desk, desk
from tests.integration.outage import SOON, Redis, breakable
from tests.integration.people import client


@pytest.fixture
async def redis() -> AsyncIterator[Redis]:
    async with breakable() as running:
        yield running


@pytest.fixture
async def market(tmp_path: Path, redis: Redis) -> AsyncIterator[Desk]:
    async with desk(tmp_path, "AAPL", "MSFT") as opened:
        embedded = opened.stack.cache
        opened.stack.urls["cache"] = redis.url
        yield opened
        await embedded.close()


async def kept(market: Desk, symbol: str = "AAPL") -> Quote | None:
    """The quote as others find it."""
    raw = await market.stack.cache.get(channels.quotes(symbol))
    return msgspec.json.decode(raw, type=Quote) if raw else None


async def known(running: Running, bid: str) -> None:
    """Until market data itself has the bid."""

    async def said() -> bool:
        async with client(running) as trader:
            return bool((await trader.get("/quotes/AAPL")).json()["bid"] == bid)

    await eventually(said)


async def set_again(market: Desk, bid: int) -> None:
    async def fresh() -> bool:
        quote = await kept(market)
        return quote is not None and quote.bid == bid

    await eventually(fresh, SOON)


async def whole_book(subscription: Subscription) -> BookSnapshot:
    """The next one that is sent."""
    async with asyncio.timeout(SOON):
        async for messages in subscription:
            for _, raw in () if messages is LOST else messages:
                if b'"snapshot"' in raw:
                    return msgspec.json.decode(raw, type=BookSnapshot)
    raise AssertionError("the subscription has ended")


async def test_without_redis_the_market_is_followed_and_its_quotes_are_set_when_it_is_back(
    market: Desk, running: Running, redis: Redis
) -> None:
    await redis.kill()
    for bid in (9_991, 9_992):
        market.street.bid("AAPL", bid)
        await known(running, f"{bid / 100:.2f}")
    assert set(await running.ready()) == {"cache"}
    await redis.start()
    await set_again(market, 9_992)
    await eventually(lambda: ready(running), SOON)


async def test_what_redis_did_not_take_is_told_as_a_whole_book_when_it_takes_it_again(
    market: Desk, running: Running, redis: Redis
) -> None:
    subscription = await market.stack.cache.subscribe(channels.book("AAPL"))
    async with redis.without_room():
        market.street.bid("AAPL", 9_991)
        await known(running, "99.91")
    book = await whole_book(subscription)
    assert (book.bids, book.seq) == ([(9_991, 10)], market.street.tapes["AAPL"].seq)


async def test_quotes_that_were_flushed_are_set_again_although_nothing_changes(
    market: Desk, running: Running, redis: Redis
) -> None:
    market.street.bid("AAPL", 9_991)
    await set_again(market, 9_991)
    await redis.empty()
    await set_again(market, 9_991)
    assert await kept(market, "MSFT") is not None


async def test_the_service_starts_without_redis_and_says_that_it_has_none(market: Desk, redis: Redis) -> None:
    await redis.kill()
    async with market.service("cache") as running, client(running) as anybody:
        page = await anybody.get("/ready")
        assert (page.status_code, page.json()["status"]) == (200, "degraded")
        await redis.start()
        await eventually(lambda: ready(running), SOON)
        await set_again(market, 9_990)


async def test_who_has_no_cache_is_told_quotes_and_forming_minutes(market: Desk, running: Running) -> None:
    market.street.traded("AAPL", 10_010)

    async def traded() -> bool:
        async with client(running, None) as service:
            minutes = msgspec.json.decode((await service.get("/internal/minutes?names=AAPL,MSFT,NOPE")).content)
        return set(minutes) == {"AAPL"} and msgspec.convert(minutes["AAPL"], Bar).close == 10_010

    await eventually(traded)
    async with client(running, None) as service:
        raw = (await service.get("/internal/quotes?names=AAPL,MSFT,NOPE")).content
    quotes = msgspec.json.decode(raw, type=dict[str, Quote])
    assert {name: quote.last for name, quote in quotes.items()} == {"AAPL": 10_010, "MSFT": None}


async def ready(running: Running) -> bool:
    return not await running.ready()
