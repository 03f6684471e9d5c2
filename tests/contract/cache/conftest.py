"""A cache of each kind. A further kind is a further name here and a way to open it."""

from collections.abc import AsyncIterator

import pytest

from services.kernel.cache import Cache
from services.kernel.cache.memory import MemoryCache


@pytest.fixture(params=["memory"])
async def cache(request: pytest.FixtureRequest) -> AsyncIterator[Cache]:
    opened: Cache = {"memory": MemoryCache}[request.param]()
    yield opened
    await opened.close()
