"""A cache of each kind. A further kind is a further name here and a way to open it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from services.kernel.cache import Cache
from services.kernel.cache.memory import MemoryCache
from services.kernel.cache.redis import RedisCache
from tests.containers import emptied_cache


@pytest.fixture(params=["memory", "redis"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "memory":
        yield "memory://cache"
        return
    with emptied_cache() as url:
        yield url


@pytest.fixture
async def cache(url: str) -> AsyncIterator[Cache]:
    opened: Cache = MemoryCache() if url.startswith("memory:") else RedisCache(url)
    yield opened
    await opened.close()
