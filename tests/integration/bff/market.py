"""Market data's own symbols, pages and outlet, driven by a test in the place of the provider."""

from fastapi import APIRouter, Depends

from services.contracts.market import BookDelta, BookSnapshot, Level, MarketMessage, Trade
from services.kernel import state
from services.kernel.cache import Cache
from services.kernel.web import JSON, App, operations
from services.market_data.domain.candles import Candles
from services.market_data.domain.symbol import Symbol
from services.market_data.gateway.outlet import Outlet
from services.runtime import local
from services.runtime.health import Health
from services.runtime.metrics import Metrics
from tests.instruments import AAPL, BTCUSDT

OPEN = 1_723_100_000_000_000


class TestMarket:
    """Two instruments; the test says what happens to them."""

    __test__ = False

    def __init__(self, cache: Cache) -> None:
        self.symbols = {each.symbol: Symbol(each, 20_000, Candles(each.symbol), 0) for each in (AAPL, BTCUSDT)}
        self.views = 0
        self.cache = cache
        self._outlet = Outlet(cache)
        self._time = OPEN

    def offer(self, key: str) -> None:
        """Be market data in this process."""
        routes = APIRouter()
        guarded = [Depends(state.guard)]

        @routes.get("/internal/instruments", dependencies=guarded)
        async def instruments() -> JSON:
            return JSON([symbol.terms() for symbol in self.symbols.values()])

        @routes.get("/internal/market/{symbol}", dependencies=guarded)
        async def market(symbol: str, after: int = 0) -> JSON:
            self.views += 1
            return JSON(self.symbols[symbol].view(after))

        @routes.get("/internal/quotes", dependencies=guarded)
        async def quotes(names: str) -> JSON:
            return JSON({name: self.symbols[name].quote() for name in names.split(",")})

        @routes.get("/internal/minutes", dependencies=guarded)
        async def minutes(names: str) -> JSON:
            forming = {name: self.symbols[name].candles.forming.get("1m") for name in names.split(",")}
            return JSON({name: bar.closed(name, "1m") for name, bar in forming.items() if bar})

        @routes.get("/candles/{symbol}")
        async def candles(symbol: str) -> JSON:
            return JSON({"items": [], "symbol": symbol})

        app = App("Market data", routes, operations(Health("market_data", {}), Metrics("market_data")))
        app.state.key = key
        local.offer("asgi://market_data", app)

    async def snapshot(self, symbol: str, bids: list[Level], asks: list[Level]) -> None:
        """The whole book, as after a gap of the provider's."""
        market = self.symbols[symbol]
        book = BookSnapshot(
            symbol=symbol,
            seq=market.seq + 1,
            time=self._tick(),
            bids=bids,
            asks=asks,
            last_trade_id=market.trade_id,
        )
        await self.send(book)

    async def levels(self, symbol: str, bids: list[Level], asks: list[Level]) -> None:
        """A change of the book."""
        await self.send(self.delta(symbol, bids, asks))

    async def trade(self, symbol: str, price: int, quantity: int) -> None:
        """A trade."""
        market = self.symbols[symbol]
        trade = Trade(
            symbol=symbol,
            seq=market.seq + 1,
            prev_seq=market.seq,
            time=self._tick(),
            trade_id=market.trade_id + 1,
            price=price,
            quantity=quantity,
            aggressor="buy",
        )
        await self.send(trade)

    def delta(self, symbol: str, bids: list[Level], asks: list[Level]) -> BookDelta:
        seq = self.symbols[symbol].seq
        return BookDelta(symbol=symbol, seq=seq + 1, prev_seq=seq, time=self._tick(), bids=bids, asks=asks)

    async def send(self, message: MarketMessage) -> None:
        """Follow it and pass it on, as the service does."""
        symbol = self.symbols[message.symbol]
        if isinstance(message, BookSnapshot):
            symbol.reset(message)
        else:
            symbol.apply(message)
        self._outlet.add(message, symbol)
        await self._outlet.flush(stale=False)

    async def remind(self) -> None:
        """As the service's loops do."""
        await self._outlet.remind(self.symbols, stale=False)
        await self._outlet.tell_candles()

    async def lose(self, symbol: str, bids: list[Level], asks: list[Level]) -> None:
        """A change that market data knows of, and that never reaches anybody."""
        self.symbols[symbol].apply(self.delta(symbol, bids, asks))

    def _tick(self) -> int:
        self._time += 1_000
        return self._time
