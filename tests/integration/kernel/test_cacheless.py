"""What two services or more do without their cache, here one that was never there."""

from collections.abc import AsyncIterator, Iterator

import msgspec
import pytest
from fastapi import FastAPI, Response

from services.kernel.cache import Tally
from services.kernel.cache.memory import MemoryCache
from services.kernel.cache.redis import RedisCache
from services.kernel.kept import Kept
from services.kernel.peers import Peer
from services.runtime import local
from tests.integration.outage import nowhere


@pytest.fixture
async def lost() -> AsyncIterator[RedisCache]:
    with nowhere() as url:
        cache = RedisCache(url)
        yield cache
        await cache.close()


@pytest.fixture
def owner() -> Iterator[list[str]]:
    """The names that the owner of the values was asked for."""
    asked: list[str] = []
    app = FastAPI()

    @app.get("/internal/quotes")
    async def quotes(names: str) -> Response:
        asked.extend(names.split(","))
        return Response(msgspec.json.encode({name: {"of": name} for name in names.split(",") if name != "UNKNOWN"}))

    local.offer("asgi://owner", app)
    yield asked
    local.clear()


def kept(cache: MemoryCache | RedisCache) -> Kept:
    return Kept(cache, Peer("asgi://owner"), "/internal/quotes", lambda name: f"quotes:{name}")


async def test_each_process_counts_what_it_sees_itself(lost: RedisCache) -> None:
    tally = Tally(lost)
    assert [await tally.count("ann", 60) for _ in range(3)] == [1, 2, 3]
    assert await tally.count("bob", 60) == 1


async def test_processes_count_together_where_there_is_a_cache() -> None:
    cache = MemoryCache()
    assert [await Tally(cache).count("ann", 60) for _ in range(2)] == [1, 2]


async def test_what_the_cache_has_is_not_asked_for(owner: list[str]) -> None:
    cache = MemoryCache()
    await cache.set("quotes:AAPL", b"1")
    assert await kept(cache).of(["AAPL"]) == {"AAPL": b"1"}
    assert await kept(cache).of([]) == {}
    assert owner == []


async def test_what_the_cache_has_not_its_owner_says(owner: list[str]) -> None:
    cache = MemoryCache()
    await cache.set("quotes:AAPL", b"1")
    assert await kept(cache).of(["MSFT", "AAPL", "UNKNOWN"]) == {"AAPL": b"1", "MSFT": b'{"of":"MSFT"}'}
    assert owner == ["MSFT", "UNKNOWN"]


async def test_without_a_cache_the_owner_says_all(lost: RedisCache, owner: list[str]) -> None:
    assert await kept(lost).of(["AAPL", "MSFT"]) == {"AAPL": b'{"of":"AAPL"}', "MSFT": b'{"of":"MSFT"}'}


async def test_without_cache_and_owner_nothing_is_known(lost: RedisCache) -> None:
    assert await kept(lost).of(["AAPL"]) == {}
