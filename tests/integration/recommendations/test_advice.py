"""Recommendations for one user: his own portfolio, asked with his own token, under the latest signals."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from msgspec.structs import replace

from services.contracts.market import Bar
from services.runtime import local
from services.runtime.clock import wall
from tests.integration.neighbours import neighbourhood
from tests.integration.people import auth_app, client
from tests.integration.recommendations.desk import START, STEP, MarketData, signals, walk

PORTFOLIO = {
    "cash": [{"currency": "USD", "total": "9000.00", "reserved": "0.00", "free": "9000.00"}],
    "positions": [
        {"symbol": "AAPL", "currency": "USD", "quantity": "5", "market_value": "1000.00", "lots": []},
        {"symbol": "MSFT", "currency": "USD", "quantity": "0", "market_value": "0.00", "lots": []},
    ],
}


class Portfolio:
    """Its one page, as its owner sees it."""

    def __init__(self) -> None:
        self.status = 200
        self.tokens: list[str] = []
        app = FastAPI()

        @app.get("/portfolio")
        async def page(request: Request) -> JSONResponse:
            self.tokens.append(request.headers["authorization"])
            return JSONResponse(PORTFOLIO, self.status)

        local.offer("asgi://portfolio", app)


class Watchlist:
    """Auth's page of what a user watches."""

    def __init__(self, *symbols: str) -> None:
        self.auth = auth_app()

        @self.auth.get("/me/watchlist")
        async def page(request: Request) -> dict[str, object]:
            assert request.headers["authorization"]
            return {"symbols": symbols, "changed_at": None}

        local.offer("asgi://auth", self.auth)


async def test_signals_on_what_is_held_and_idle_money_are_told(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        around.stack.urls["portfolio"] = "asgi://portfolio"
        MarketData(AAPL=lately(walk(600)), MSFT=lately(walk(600, 3, "MSFT")), IBM=lately(walk(600, 4, "IBM"))).offer()
        Watchlist("MSFT")
        portfolio = Portfolio()
        async with around.stack.part("recommendations") as running:
            await signals(running, 15)
            async with client(running) as ann:
                found: list[dict[str, Any]] = (await ann.get("/recommendations")).json()["items"]
                assert portfolio.tokens == [ann.headers["authorization"]]
                portfolio.status = 503
                answer = await ann.get("/recommendations")
                assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
            async with client(running, None) as stranger:
                assert (await stranger.get("/recommendations")).status_code == 401
    assert [(each["kind"], each["symbol"], each["currency"]) for each in found if each["kind"] != "signals"] == [
        ("idle_cash", None, "USD")
    ]
    [idle] = [each for each in found if each["kind"] == "idle_cash"]
    assert idle["numbers"] == {"share": "90.0", "free": "9000.00", "equity": "10000.00"}
    by_symbol = {each["symbol"]: each for each in found if each["kind"] == "signals"}
    assert {symbol: each["because"] for symbol, each in by_symbol.items()} == {"AAPL": "held", "MSFT": "watched"}
    held = by_symbol["AAPL"]
    assert held["side"] in ("buy", "sell")
    assert {each["symbol"] for each in held["signals"]} == {"AAPL"}
    reasons = [each["reason"]["en"] for each in held["signals"] if each["side"] == held["side"]]
    assert held["text"]["en"].endswith(reasons[0])


def lately(bars: list[Bar]) -> list[Bar]:
    """The same bars, of which the last one has just closed: the clock of these tests is the wall's."""
    shift = (wall() - START) // STEP * STEP
    return [replace(each, start=each.start + shift) for each in bars]
