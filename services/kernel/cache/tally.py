"""Counts what somebody does within a window of time."""

from services.kernel.cache.memory import MemoryCache
from services.kernel.cache.protocol import Cache, CacheLost


class Tally:
    """In the cache, so that all processes count together; while it is away, each counts what it sees itself."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._own = MemoryCache()

    async def count(self, key: str, expire: float) -> int:
        """One more; how many there are. The count is forgotten so many seconds after its first."""
        try:
            return await self._cache.increment(key, expire=expire)
        except CacheLost:
            return await self._own.increment(key, expire=expire)
