"""The cache's seam: what services ask of Redis or of the cache in the process."""

from services.kernel.cache.protocol import LOST, Cache, CacheLost, Lost, Messages, Subscription
from services.kernel.cache.tally import Tally

__all__ = ["LOST", "Cache", "CacheLost", "Lost", "Messages", "Subscription", "Tally", "cache_for"]


def cache_for(url: str) -> Cache:
    """The cache at an URL, one for each URL of a process.

    ``memory://cache``, ``redis://[[USER]:PASSWORD@]HOST:PORT/0`` or ``unix://[[USER]:PASSWORD@]/PATH?db=0``.
    """
    scheme = url.partition(":")[0]
    if scheme == "memory":
        from services.kernel.cache.memory import memory_cache

        return memory_cache(url)
    if scheme in {"redis", "unix"}:
        from services.kernel.cache.redis import redis_cache

        return redis_cache(url)
    raise ValueError(f"no cache is known for {scheme}://")
