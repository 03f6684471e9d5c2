"""Performance and statement follow from the ledger and from market data's bars."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from fastapi import FastAPI, Query, Response
from msgspec.structs import replace

from services.contracts.clock import DAY, HOUR
from services.contracts.events.orders import CashCredited, OrderFilled
from services.contracts.market import Bar
from services.contracts.times import rfc3339
from services.kernel.problems import problem
from services.runtime import local
from services.runtime.clock import wall
from services.runtime.resources import Running
from tests.integration.neighbours import AAPL, BTCUSDT, Neighbourhood, neighbourhood, ready, settled
from tests.integration.people import client, state_of
from tests.integration.portfolio.desk import filled, order

NOW = wall() // HOUR * HOUR
"""The clock of these tests is the wall's."""


def hours(*closes: int, until: int = NOW) -> list[Bar]:
    """Bars of an hour each; the last one has just ended."""
    return [
        Bar(
            symbol="AAPL",
            interval="1h",
            start=until - (len(closes) - place) * HOUR,
            open=close,
            high=close,
            low=close,
            close=close,
            volume=1,
            trades=1,
        )
        for place, close in enumerate(closes)
    ]


class MarketData:
    """Its bars, whatever their interval."""

    def __init__(self, bars: Sequence[Bar]) -> None:
        self.bars = list(bars)
        self.pending = False
        app = FastAPI()

        @app.get("/internal/instruments")
        async def instruments() -> Response:
            return Response(msgspec.json.encode([AAPL, BTCUSDT]), media_type="application/json")

        @app.get("/internal/bars/{symbol}")
        async def stored(symbol: str, since: int = Query(alias="from"), until: int = Query(alias="to")) -> Response:
            if self.pending:
                return problem(503, "history_pending", "not yet")
            found = [each for each in self.bars if each.symbol == symbol and since <= each.start < until]
            return Response(msgspec.json.encode(found), media_type="application/json")

        local.offer("asgi://market_data", app)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[tuple[Neighbourhood, Running]]:
    async with neighbourhood(tmp_path) as around:
        MarketData(hours(*[20_000] * 40, 22_000, 22_000))
        async with around.stack.part("portfolio") as running:
            await ready(running)
            yield around, running


def traded(number: int, side: Any, quantity: int, price: int, ago: int, fee: int = 100) -> OrderFilled:
    """A fill so many hours ago."""
    event = filled(order(side, quantity, number=number), quantity, price, fee)
    return replace(event, fill=replace(event.fill, time=NOW - ago * HOUR))


async def paid(
    around: Neighbourhood, running: Running, ann: httpx.AsyncClient, amount: str, ago: int, asset: str = "USD"
) -> None:
    """A deposit that was credited so many hours ago."""
    wanted = {"asset": asset, "amount": amount}
    made = (await ann.post("/portfolio/deposits", json=wanted, headers={"Idempotency-Key": f"{asset}-{ago}"})).json()
    (row,) = [row for row in (await state_of(running))["deposits"] if row["deposit_id"] == made["id"]]
    names = ("deposit_id", "account_id", "asset", "amount", "scale")
    envelope = around.envelope(CashCredited(**{name: row[name] for name in names}))
    await around.deliver([replace(envelope, market_time=NOW - ago * HOUR)])
    await settled(running)


async def performance(ann: httpx.AsyncClient, period: str = "month") -> list[dict[str, Any]]:
    answer = await ann.get(f"/portfolio/performance?period={period}")
    document = answer.json()
    assert answer.status_code == 200, document
    items: list[dict[str, Any]] = document["items"]
    return items


async def test_the_curve_follows_prices_and_a_deposit_is_no_return(
    around: Neighbourhood, running: Running, ann: httpx.AsyncClient
) -> None:
    assert await performance(ann) == []
    await paid(around, running, ann, "10000.00", ago=11)
    await around.publish(traded(1, "buy", 10, 20_000, ago=10, fee=0))
    await settled(running)
    [before] = await performance(ann)
    assert (before["currency"], before["equity"], before["return_percent"]) == ("USD", "10200.00", "2.00")
    assert before["curve"][0] == {"time": rfc3339(NOW - 11 * HOUR), "equity": "0.00", "return_percent": "0.00"}
    assert [point["equity"] for point in before["curve"][1:11]] == ["10000.00"] * 9 + ["10200.00"]
    await paid(around, running, ann, "5000.00", ago=0)
    await around.quote("AAPL", 22_000)
    await paid(around, running, ann, "10", ago=1, asset="AAPL")
    [after] = await performance(ann)
    assert (after["equity"], after["return_percent"], after["drawdown_percent"]) == ("17400.00", "2.00", "0.00")
    assert [point["return_percent"] for point in after["curve"]] == [
        point["return_percent"] for point in before["curve"]
    ]


async def test_every_period_ends_with_the_same_equity(
    around: Neighbourhood, running: Running, ann: httpx.AsyncClient
) -> None:
    await around.publish(traded(1, "buy", 10, 20_000, ago=30, fee=0), traded(2, "sell", 4, 22_000, ago=1, fee=50))
    await settled(running)
    await around.quote("AAPL", 23_000)
    for period in ("day", "week", "month", "year"):
        [found] = await performance(ann, period)
        assert found["equity"] == "259.50"  # -2000.00 + 880.00 - 0.50 + 6 at 230.00
        assert float(found["drawdown_percent"]) >= 0
    answer = await ann.get("/portfolio/performance?period=century")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_without_bars_or_prices_nothing_is_made_up(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        market = MarketData([])
        async with around.stack.part("portfolio") as running, client(running, "ann") as ann:
            await ready(running)
            await around.publish(traded(1, "buy", 10, 20_000, ago=2))
            await settled(running)
            answer = await ann.get("/portfolio/performance")
            assert (answer.status_code, answer.json()["code"]) == (503, "no_price")
            market.pending = True
            answer = await ann.get("/portfolio/performance")
            assert (answer.status_code, answer.json()["code"]) == (503, "history_pending")
            market.pending = False
            await around.quote("AAPL", 20_000)
            [found] = await performance(ann)
            assert found["equity"] == "-1.00"


async def test_a_statement_adds_up_as_json_and_as_csv(
    around: Neighbourhood, running: Running, ann: httpx.AsyncClient
) -> None:
    await around.publish(traded(1, "buy", 10, 20_000, ago=30), traded(2, "sell", 4, 22_000, ago=10))
    await settled(running)
    await paid(around, running, ann, "5000.00", ago=9)
    query = f"from={rfc3339(NOW - 20 * HOUR)}"
    found = (await ann.get(f"/portfolio/statement?{query}")).json()
    assert found["opening"] == [{"asset": "AAPL", "amount": "10"}, {"asset": "USD", "amount": "-2001.00"}]
    assert found["closing"] == [{"asset": "AAPL", "amount": "6"}, {"asset": "USD", "amount": "3878.00"}]
    assert [(line["kind"], line["asset"], line["change"], line["balance"]) for line in found["lines"]] == [
        ("trade", "USD", "880.00", "-1121.00"),
        ("shares", "AAPL", "-4", "6"),
        ("fee", "USD", "-1.00", "-1122.00"),
        ("deposit", "USD", "5000.00", "3878.00"),
    ]
    answer = await ann.get(f"/portfolio/statement?format=csv&{query}")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="statement.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["kind"] for row in rows] == ["opening"] * 2 + ["trade", "shares", "fee", "deposit"] + ["closing"] * 2
    assert rows[2] == found["lines"][0]
    assert [(row["asset"], row["balance"]) for row in rows[-2:]] == [("AAPL", "6"), ("USD", "3878.00")]


async def test_statements_that_meet_make_one(around: Neighbourhood, running: Running, ann: httpx.AsyncClient) -> None:
    await around.publish(*(traded(number, "buy", 1, 20_000, ago=number) for number in range(1, 9)))
    await settled(running)
    cuts = [rfc3339(NOW - hour * HOUR) for hour in (30, 5, 2, 0)]
    parts = [(await ann.get(f"/portfolio/statement?from={since}&to={until}")).json() for since, until in pairwise(cuts)]
    whole = (await ann.get(f"/portfolio/statement?from={cuts[0]}&to={cuts[-1]}")).json()
    assert whole["lines"] == [line for part in parts for line in part["lines"]]
    assert [part["closing"] for part in parts] == [part["opening"] for part in parts[1:]] + [whole["closing"]]


async def test_a_statement_is_the_owners_alone_and_of_a_time_that_is_one(
    around: Neighbourhood, running: Running, ann: httpx.AsyncClient
) -> None:
    await around.publish(traded(1, "buy", 10, 20_000, ago=3))
    await settled(running)
    async with client(running, "bob") as bob:
        assert (await bob.get("/portfolio/statement")).json() == {"opening": [], "lines": [], "closing": []}
        assert await performance(bob) == []
    async with client(running, None) as stranger:
        assert (await stranger.get("/portfolio/statement")).status_code == 401
        assert (await stranger.get("/portfolio/performance")).status_code == 401
    turned = f"from={rfc3339(NOW)}&to={rfc3339(NOW - DAY)}"
    for query, code in (
        (turned, "invalid_time"),
        ("format=pdf", "invalid"),
        ("from=2024-02-30T00:00:00Z", "invalid_time"),
    ):
        answer = await ann.get(f"/portfolio/statement?{query}")
        assert (answer.status_code, answer.json()["code"]) == (422, code)
