"""So many requests a second by user and by address, counted in the cache so that every BFF counts together."""

import time

from services.contracts.errors import DomainError
from services.kernel.cache import Cache, Tally


class TooManyRequests(DomainError):
    """Over the limit; the problem says when to come back."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too_many_requests", 429, f"too many requests: try again in {seconds} s")
        self.headers = {"Retry-After": str(seconds)}


class Rate:
    """At most so many in each window of wall time."""

    def __init__(self, cache: Cache, name: str, most: int, window: int = 1) -> None:
        self._tally = Tally(cache)
        self._name = name
        self._most = most
        self._window = window

    async def count(self, who: str) -> None:
        """One more of somebody's."""
        window, into = divmod(time.time(), self._window)
        key = f"rate:{self._name}:{who}:{int(window)}"
        if await self._tally.count(key, 2 * self._window) > self._most:
            raise TooManyRequests(max(1, round(self._window - into)))
