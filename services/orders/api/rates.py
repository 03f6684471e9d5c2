"""How many orders an account may place in a second of wall time."""

from collections.abc import Mapping

from services.contracts.errors import DomainError
from services.kernel.cache import Cache, Tally
from services.runtime.clock import wall

SECOND = 1_000_000
KEPT = 2.0
"""Seconds that a second's counter is kept."""


class OrderRate(DomainError):
    """Too many orders in this second."""

    headers: Mapping[str, str] = {"Retry-After": "1"}

    def __init__(self, most: int) -> None:
        super().__init__("order_rate_limit", 429, f"{most} orders a second are the most allowed")


class Rates:
    """Counts in the cache, so that it holds for all processes of the service together."""

    def __init__(self, cache: Cache, most: int) -> None:
        self._tally = Tally(cache)
        self._most = most

    async def count(self, account_id: str) -> None:
        """One more order of the account; OrderRate when that is too many."""
        key = f"orders:rate:{account_id}:{wall() // SECOND}"
        if await self._tally.count(key, KEPT) > self._most:
            raise OrderRate(self._most)
