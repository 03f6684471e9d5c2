"""The last quotes, which market data keeps in the cache; a cache that lost them costs the market's figures only."""

from collections.abc import Sequence

import msgspec

from services.contracts import channels
from services.contracts.market import Quote
from services.kernel.cache import Cache


async def last_quotes(cache: Cache, symbols: Sequence[str]) -> dict[str, Quote]:
    """Quotes by symbol, those that are there."""
    kept = await cache.get_all([channels.quotes(symbol) for symbol in symbols])
    quotes = [msgspec.json.decode(each, type=Quote) for each in kept if each is not None]
    return {quote.symbol: quote for quote in quotes}
