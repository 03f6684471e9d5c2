"""The broker over the venue on real sockets, its market standing still unless a test says otherwise."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import httpx

from services.contracts import money
from services.contracts.ids import new_id
from services.runtime import local
from sim.venue.exchange import Exchange
from tests.integration.sim.outside import KEY, Ports, outside

SYMBOLS = "AAPL"


@dataclass
class Desk:
    """Where the broker is, and the market that a test may look at."""

    fix: int
    rest: httpx.AsyncClient
    venue: Exchange

    def far_below(self, symbol: str) -> str:
        """A bid that nothing meets."""
        tick = self.venue.instruments[symbol].tick
        return self._text(symbol, self._best_bid(symbol) * 95 // 100 // tick * tick)

    def top(self, symbol: str) -> str:
        """A bid that stands first, or behind what stood there before it."""
        book, tick = self.venue.snapshot(symbol), self.venue.instruments[symbol].tick
        return self._text(symbol, min(book.bids[0][0] + tick, book.asks[0][0] - tick))

    async def sell_through(self, symbol: str) -> None:
        """Sell what the best bid wants, to whoever stands there."""
        _, size = self.venue.snapshot(symbol).bids[0]
        body = {"cl_ord_id": new_id(), "account": "bob", "symbol": symbol, "side": "sell", "type": "market"}
        answer = await self.rest.post("/orders", json={**body, "quantity": str(size)})
        assert answer.json()[-1]["status"] == "filled", answer.text

    def _best_bid(self, symbol: str) -> int:
        return self.venue.snapshot(symbol).bids[0][0]

    def _text(self, symbol: str, price: int) -> str:
        return money.text(price, self.venue.instruments[symbol].price_scale)


@asynccontextmanager
async def desk(state: Path, ports: Ports | None = None, **options: str) -> AsyncIterator[Desk]:
    """Clock, venue and broker; the same state and ports begin where the last one ended."""
    settings = {"symbols": SYMBOLS, **options}
    async with outside(state, "clock", "venue", "broker", ports=ports, options=settings) as taken:
        url = f"http://127.0.0.1:{taken['broker.http']}"
        async with httpx.AsyncClient(base_url=url, headers={"X-API-Key": KEY}) as rest:
            yield Desk(taken["broker.fix"], rest, cast(Exchange, local.find("memory://venue")))
