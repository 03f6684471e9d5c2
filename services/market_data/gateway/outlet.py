"""Passes the market on by the cache: each trade and book change, and the quotes that they make, once a batch.

While the cache is away all of that is lost, and whoever follows it fetches the market's state instead. When it is back,
a symbol of which anything was lost has its whole book sent, so that who heard of no loss notices the hole.
"""

from collections.abc import Iterable, Mapping

import msgspec

from services.contracts import channels
from services.contracts.market import MarketMessage, StatusChange, Trade
from services.kernel.cache import Cache, CacheLost
from services.market_data.domain.symbol import Symbol

encode = msgspec.json.Encoder().encode


class Outlet:
    """Collects a batch, then publishes it whole."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._messages: list[tuple[str, bytes]] = []
        self._changed: dict[str, Symbol] = {}
        self._traded: dict[str, Symbol] = {}
        self._unheard: dict[str, Symbol] = {}
        """Of which something may have been lost."""

    def add(self, message: MarketMessage, symbol: Symbol) -> None:
        """Pass one message on."""
        name = message.symbol
        kind = type(message)
        if kind is Trade:
            self._messages.append((channels.trades(name), encode(message)))
            self._traded[name] = symbol
        elif kind is not StatusChange:
            self._messages.append((channels.book(name), encode(message)))
        self._changed[name] = symbol

    async def flush(self, *, stale: bool) -> None:
        """Publish what was collected, each changed symbol's quote last."""
        messages, self._messages = self._messages, []
        changed, self._changed = self._changed, {}
        unheard, self._unheard = self._unheard, {}
        changed |= unheard
        messages += [(channels.book(name), encode(symbol.whole_book())) for name, symbol in unheard.items()]
        quotes = quotes_of(changed, stale=stale)
        try:
            await self._cache.set_all(quotes)
            await self._cache.publish([*messages, *quotes.items()])
        except CacheLost:
            self._unheard |= changed

    async def remind(self, symbols: Mapping[str, Symbol], *, stale: bool) -> None:
        """Set every quote again, in case the cache was emptied, and tell what could not be told."""
        known = {name: symbol for name, symbol in symbols.items() if symbol.time}
        try:
            await self._cache.set_all(quotes_of(known, stale=stale))
        except CacheLost:
            return
        if self._unheard:
            await self.flush(stale=stale)

    async def tell_stale(self, symbols: Iterable[Symbol]) -> None:
        """Say that the quotes are old."""
        self._changed = {symbol.instrument.symbol: symbol for symbol in symbols}
        await self.flush(stale=True)

    async def tell_whole(self, symbols: Iterable[Symbol], *, stale: bool) -> None:
        """Books and quotes, for nobody knows what was passed on before."""
        self._unheard |= {symbol.instrument.symbol: symbol for symbol in symbols}
        await self.flush(stale=stale)

    async def tell_candles(self) -> None:
        """Publish the forming minute of each symbol that traded since the last time."""
        traded, self._traded = self._traded, {}
        minutes = [
            (channels.candles(name), encode(forming.closed(name, "1m")))
            for name, symbol in traded.items()
            if (forming := symbol.candles.forming.get("1m"))
        ]
        try:
            await self._cache.publish(minutes)
        except CacheLost:
            self._traded = traded | self._traded


def quotes_of(symbols: Mapping[str, Symbol], *, stale: bool) -> dict[str, bytes]:
    """By channel, which is also the key of the last one."""
    return {channels.quotes(name): encode(symbol.quote(stale=stale)) for name, symbol in symbols.items()}
