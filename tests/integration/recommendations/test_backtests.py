"""Strategies are tried on market data's stored bars, within limits."""

import asyncio
from pathlib import Path
from typing import Any

import httpx

from services.contracts.times import rfc3339
from tests.eventually import eventually
from tests.integration.neighbours import neighbourhood
from tests.integration.people import client
from tests.integration.recommendations.desk import START, STEP, MarketData, walk

BARS = 600


def wish(first: int = 0, last: int = BARS, strategy: str = "macd", symbol: str = "AAPL") -> dict[str, Any]:
    """Bars from a place to a place; the walk ends at the market's start."""
    began = START - BARS * STEP
    since, until = rfc3339(began + first * STEP), rfc3339(began + last * STEP)
    return {"symbol": symbol, "strategy": strategy, "from": since, "to": until}


async def asked(reader: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = await reader.post("/analytics/backtest", json=body)
    document: dict[str, Any] = answer.json()
    assert answer.status_code == 200, document
    return document


async def test_a_strategy_is_tried_with_its_trades_curve_hits_and_drawdown(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        MarketData(AAPL=walk(BARS)).offer()
        async with around.stack.part("recommendations") as running, client(running) as reader:
            found = await asked(reader, wish())
    assert (found["bars"], found["interval"], found["currency"], found["capital"]) == (BARS, "5m", "USD", "100000.00")
    assert found["signals"] >= len(found["trades"]) > 3
    ended = [trip for trip in found["trades"] if trip["sold"]]
    won = len([trip for trip in ended if not trip["profit"].startswith("-")])
    assert found["hit_rate_percent"] == f"{100 * won / len(ended):.2f}"
    assert found["curve"][-1] == {"time": rfc3339(START), "equity": found["equity"]}
    assert len(found["curve"]) == BARS / 2
    assert float(found["drawdown_percent"]) > 0
    bought, sold = ended[0]["bought"], ended[0]["sold"]
    assert bought["time"] < sold["time"]
    assert float(bought["fee"]) > 0


async def test_a_range_has_the_trades_of_that_range_by_indicators_made_before_it(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        MarketData(AAPL=walk(BARS)).offer()
        async with around.stack.part("recommendations") as running, client(running) as reader:
            whole = await asked(reader, wish())
            part = await asked(reader, wish(200, 400))
            none = await asked(reader, wish(BARS, BARS + 10))
    since, until = wish(200, 400)["from"], wish(200, 400)["to"]
    buys = [trip["bought"]["time"] for trip in whole["trades"] if since < trip["bought"]["time"] < until]
    assert [trip["bought"]["time"] for trip in part["trades"]][-len(buys) :] == buys
    assert (none["bars"], none["trades"], none["equity"], none["hit_rate_percent"]) == (0, [], "100000.00", None)


async def test_what_cannot_be_tried_is_refused_by_its_code(tmp_path: Path) -> None:
    refusals = {
        "unknown_symbol": wish(symbol="NOPE"),
        "invalid_time": wish(10, 10),
        "range_too_long": wish(0, 36 * 288),
        "invalid": wish(strategy="astrology"),
    }
    async with neighbourhood(tmp_path) as around:
        MarketData(AAPL=walk(10)).offer()
        async with around.stack.part("recommendations") as running:
            async with client(running) as reader:
                for code, body in refusals.items():
                    answer = await reader.post("/analytics/backtest", json=body)
                    assert (answer.status_code, answer.json()["code"]) == (422, code)
                more = wish() | {"capital": "1"}
                assert (await reader.post("/analytics/backtest", json=more)).json()["field"] == "capital"
                early = wish() | {"from": "0001-01-01T00:00:00Z", "to": "0001-01-02T00:00:00Z"}
                assert (await asked(reader, early))["bars"] == 0
                never = wish() | {"to": "2024-02-30T00:00:00Z"}
                assert (await reader.post("/analytics/backtest", json=never)).json()["code"] == "invalid_time"
            async with client(running, None) as stranger:
                assert (await stranger.post("/analytics/backtest", json=wish())).status_code == 401


async def test_a_backtest_that_takes_too_long_is_given_up_and_others_are_served(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path, {"recommendations.backtest_seconds": "0.3"}) as around:
        market = MarketData(AAPL=walk(BARS))
        market.offer()
        async with around.stack.part("recommendations") as running, client(running) as reader:
            market.slow = True
            tests = [asyncio.ensure_future(reader.post("/analytics/backtest", json=wish())) for _ in range(4)]
            assert (await reader.get("/signals")).status_code == 200
            for answer in await asyncio.gather(*tests):
                assert (answer.status_code, answer.json()["code"]) == (503, "busy")
            market.slow = False

            async def served() -> bool:
                return (await reader.post("/analytics/backtest", json=wish(0, 100))).status_code == 200

            await eventually(served)


async def test_without_market_data_there_is_nothing_to_try_it_on(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        market = MarketData(AAPL=walk(10))
        market.away = True
        market.offer()
        async with around.stack.part("recommendations") as running, client(running) as reader:
            answer = await reader.post("/analytics/backtest", json=wish())
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
