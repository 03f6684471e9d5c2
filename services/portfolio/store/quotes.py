"""The last quotes; where neither the cache nor market data has one, the market's figures are unknown for a while."""

from collections.abc import Sequence

import msgspec

from services.contracts import channels
from services.contracts.market import Quote
from services.kernel.cache import Cache
from services.kernel.kept import Kept
from services.kernel.peers import Peer


async def last_quotes(cache: Cache, market_data: Peer, symbols: Sequence[str]) -> dict[str, Quote]:
    """Quotes by symbol, those that can be had."""
    kept = await Kept(cache, market_data, "/internal/quotes", channels.quotes).of(symbols)
    return {symbol: msgspec.json.decode(quote, type=Quote) for symbol, quote in kept.items()}
