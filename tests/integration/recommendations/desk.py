"""Market data's stored bars, as a test makes them, and the service that reviews them."""

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import httpx
import msgspec
from fastapi import FastAPI, Query, Response
from msgspec.structs import replace

from services.contracts.clock import MINUTE
from services.contracts.events.market_data import BarClosed
from services.contracts.instruments import ListedInstrument
from services.contracts.market import Bar
from services.kernel.problems import problem
from services.runtime import local
from services.runtime.resources import Running
from tests.eventually import eventually
from tests.integration.neighbours import AAPL
from tests.integration.people import client

STEP = 5 * MINUTE
START = 1_723_101_000_000_000
"""2024-08-08 07:10 UTC."""


def bar(place: int, close: int, symbol: str = "AAPL", *, historical: bool = False) -> Bar:
    """A bar of five minutes; places before zero lie behind the market's start."""
    return Bar(
        symbol=symbol,
        interval="5m",
        start=START + place * STEP,
        open=close,
        high=close,
        low=close,
        close=close,
        volume=10,
        trades=1,
        historical=historical,
    )


def walk(bars: int, seed: int = 1, symbol: str = "AAPL", *, live: int = 0) -> list[Bar]:
    """A seeded walk around 100.00; the last so many bars are of this market."""
    drawn, price, made = random.Random(seed), 10_000.0, list[Bar]()
    for place in range(bars):
        price *= 1 + drawn.gauss(0, 0.002)
        made.append(bar(place - bars + live, round(price), symbol, historical=place < bars - live))
    return made


class MarketData:
    """Its internal pages; ``closing`` adds a bar and gives its event."""

    def __init__(self, **bars: Sequence[Bar]) -> None:
        self.bars = {symbol: list(some) for symbol, some in bars.items()}
        self.away = False
        self.dying = False
        """Whether it is gone in the middle of each answer."""
        self.slow = False
        """Whether it never answers for bars."""
        self.pages = 0
        """Of bars that were asked for."""
        app = FastAPI()

        @app.get("/internal/instruments")
        async def instruments() -> Response:
            return answer([replace(AAPL, symbol=symbol) for symbol in self.bars], self.away)

        @app.get("/internal/bars/{symbol}")
        async def stored(
            symbol: str, interval: str, limit: int, since: int = Query(alias="from"), until: int = Query(alias="to")
        ) -> Response:
            assert interval == "5m"
            self.pages += 1
            if self.dying:
                raise ConnectionResetError
            if self.slow:
                await asyncio.Event().wait()
            found = [each for each in self.bars[symbol] if since <= each.start < until][:limit]
            return answer(found, self.away)

        self.app = app

    def offer(self) -> None:
        local.offer("asgi://market_data", self.app)

    def closing(self, each: Bar) -> BarClosed:
        self.bars[each.symbol].append(each)
        return BarClosed(symbol=each.symbol, bar=each)


def answer(content: list[Bar] | list[ListedInstrument], away: bool) -> Response:
    if away:
        return problem(503, "unavailable", "the provider is away")
    return Response(msgspec.json.encode(content), media_type="application/json")


async def all_signals(reader: httpx.AsyncClient, query: str = "") -> list[dict[str, Any]]:
    """Every page."""
    seen: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = (await reader.get(f"/signals?limit=200{query}{cursor}")).json()
        seen += page["items"]
        if page["next"] is None:
            return seen
        cursor = f"&cursor={page['next']}"


async def signals(running: Running, count: int, query: str = "") -> list[dict[str, Any]]:
    """The signals, once there are so many."""
    async with client(running) as reader:

        async def enough() -> list[dict[str, Any]]:
            found = await all_signals(reader, query)
            return found if len(found) >= count else []

        return await eventually(enough)
