"""A market that says what a test tells it to say, and a provider over it on a real socket."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from services.contracts.clock import MINUTE
from services.contracts.instruments import Instrument
from services.contracts.market import Bar, BookDelta, BookSnapshot, Trade
from services.runtime.serve import Server, bind, serve
from sim.provider import api
from sim.provider.hub import Hub
from sim.provider.market import Drained, Listener

KEY = "the-key"


def listed(symbol: str) -> Instrument:
    return Instrument(
        symbol=symbol,
        name=symbol,
        kind="share",
        currency="USD",
        price_scale=2,
        quantity_scale=0,
        tick=1,
        lot=1,
        band_bps=2000,
        maker_fee_ppm=100,
        taker_fee_ppm=300,
    )


class ScriptedMarket:
    """Its book is its last delta; each `move` is one message."""

    def __init__(self, *symbols: str) -> None:
        self._instruments = {symbol: listed(symbol) for symbol in symbols}
        self.seq = dict.fromkeys(symbols, 0)
        self.listener: Listener | None = None

    @property
    def instruments(self) -> Mapping[str, Instrument]:
        return self._instruments

    def on_market(self, listener: Listener, drained: Drained | None = None) -> None:
        self.listener = listener

    def delta(self, symbol: str) -> BookDelta:
        self.seq[symbol] = seq = self.seq[symbol] + 1
        return BookDelta(symbol=symbol, seq=seq, prev_seq=seq - 1, time=seq, bids=[(10_000 + seq, 5)], asks=[])

    def move(self, symbol: str, times: int = 1) -> None:
        assert self.listener is not None
        self.listener([self.delta(symbol) for _ in range(times)])

    def snapshot(self, symbol: str) -> BookSnapshot:
        seq = self.seq[symbol]
        return BookSnapshot(symbol=symbol, seq=seq, time=seq, bids=[(10_000 + seq, 5)], asks=[], last_trade_id=0)

    def reference(self, symbol: str) -> int:
        return 9_900

    def trades_after(self, symbol: str, trade_id: int, limit: int = 1000) -> Sequence[Trade]:
        ids = range(trade_id + 1, min(trade_id + limit, 5) + 1)
        return [
            Trade(symbol=symbol, seq=0, prev_seq=0, time=n, trade_id=n, price=100, quantity=1, aggressor="buy")
            for n in ids
        ]

    def bars(self, symbol: str, start: int, end: int) -> Sequence[Bar]:
        starts = range(-(-start // MINUTE) * MINUTE, end, MINUTE)
        return [
            Bar(symbol=symbol, interval="1m", start=s, open=1, high=2, low=1, close=2, volume=3, trades=1)
            for s in starts
        ]


@asynccontextmanager
async def provider(market: ScriptedMarket, hub: Hub | None = None, heartbeat: float = 5.0) -> AsyncIterator[Server]:
    hub = hub or Hub()
    market.on_market(hub.publish, hub.room)
    server = await serve(api.application(market, hub, KEY, heartbeat), bind())
    try:
        yield server
    finally:
        await server.stop()
