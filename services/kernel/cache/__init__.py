"""The cache's seam: what services ask of Redis or of the cache in the process."""

from services.kernel.cache.protocol import LOST, Cache, Lost, Messages, Subscription

__all__ = ["LOST", "Cache", "Lost", "Messages", "Subscription", "cache_for"]


def cache_for(url: str) -> Cache:
    """The cache at ``memory://cache``: one for each URL of a process."""
    scheme = url.partition(":")[0]
    if scheme == "memory":
        from services.kernel.cache.memory import memory_cache

        return memory_cache(url)
    raise ValueError(f"no cache is known for {scheme}://")
