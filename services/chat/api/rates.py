"""How many topics and messages a user may post in a minute of wall time."""

from services.contracts.errors import DomainError
from services.kernel.cache import Cache, Tally
from services.runtime.clock import wall

SECOND = 1_000_000
MINUTE = 60 * SECOND


class TooManyPosts(DomainError):
    """Try again in the next minute."""

    def __init__(self, left: int) -> None:
        super().__init__("too_many_posts", 429, "too many messages within a minute: try again in the next one")
        self.headers = {"Retry-After": str(-(-left // SECOND))}


class Posts:
    """Counts in the cache, so that it holds for all processes of the service together."""

    def __init__(self, cache: Cache, most: int) -> None:
        self._tally = Tally(cache)
        self._most = most

    async def count(self, user_id: str) -> None:
        """One more post of the user; TooManyPosts when that is too many."""
        now = wall()
        if await self._tally.count(f"chat:posts:{user_id}:{now // MINUTE}", 120) > self._most:
            raise TooManyPosts(MINUTE - now % MINUTE)
