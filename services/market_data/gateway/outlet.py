"""Passes the market on by the cache: each trade and book change, and the quotes that they make, once a batch."""

from collections.abc import Iterable

import msgspec

from services.contracts import channels
from services.contracts.market import MarketMessage, StatusChange, Trade
from services.kernel.cache import Cache
from services.market_data.domain.symbol import Symbol

encode = msgspec.json.Encoder().encode


class Outlet:
    """Collects a batch, then publishes it whole."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._messages: list[tuple[str, bytes]] = []
        self._changed: dict[str, Symbol] = {}
        self._traded: dict[str, Symbol] = {}

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
        for name, symbol in changed.items():
            quote = encode(symbol.quote(stale=stale))
            messages.append((channels.quotes(name), quote))
            await self._cache.set(channels.quotes(name), quote)
        if messages:
            await self._cache.publish(messages)

    async def tell_stale(self, symbols: Iterable[Symbol]) -> None:
        """Say that the quotes are old."""
        self._changed = {symbol.instrument.symbol: symbol for symbol in symbols}
        await self.flush(stale=True)

    async def tell_candles(self) -> None:
        """Publish the forming minute of each symbol that traded since the last time."""
        traded, self._traded = self._traded, {}
        minutes = [
            (channels.candles(name), encode(forming.closed(name, "1m")))
            for name, symbol in traded.items()
            if (forming := symbol.candles.forming.get("1m"))
        ]
        if minutes:
            await self._cache.publish(minutes)
