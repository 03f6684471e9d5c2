"""Orders against the simulated exchange, by both of the broker's doors: what we booked is what the venue recorded."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.contracts import money
from services.contracts.orders import FINAL
from tests.eventually import eventually
from tests.integration.bff.stack import KEY
from tests.integration.orders.desk import status_of, ticket
from tests.integration.orders.exchange import CASH, Floor, agrees, floor


@pytest.fixture(params=["fix", "rest"])
async def exchange(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Floor]:
    async with floor(tmp_path, request.param) as opened:
        yield opened


async def settled(client: httpx.AsyncClient, *order_ids: str) -> None:
    async def ended() -> bool:
        return all([await status_of(client, order_id) in FINAL for order_id in order_ids])

    await eventually(ended)


def resting(venue: Any, symbol: str) -> str:
    """A price that nothing meets."""
    instrument = venue.instruments[symbol]
    return money.text(venue.snapshot(symbol).bids[0][0] * 95 // 100 // instrument.tick * instrument.tick, 2)


async def test_a_market_order_is_filled_as_the_venue_says(exchange: Floor) -> None:
    async with exchange.orders(), exchange.client("ann") as ann:
        await exchange.deposit("ann", CASH)
        market = ticket(type="market", limit_price=None, quantity="50")
        order = (await ann.post("/orders", json=market)).json()
        await settled(ann, order["id"])
        assert (await ann.get(f"/orders/{order['id']}")).json()["status"] == "filled"
        sale = (await ann.post("/orders", json=market | {"client_order_id": "sale", "side": "sell"})).json()
        await settled(ann, sale["id"])
        await agrees(exchange, "ann")
        assert (await exchange.balance("ann", "AAPL"))["total"] == 0


async def test_a_resting_order_is_replaced_and_cancelled(exchange: Floor) -> None:
    async with exchange.orders(), exchange.client("ann") as ann:
        await exchange.deposit("ann", CASH)
        price = resting(exchange.venue, "AAPL")
        path = f"/orders/{(await ann.post('/orders', json=ticket(limit_price=price))).json()['id']}"

        async def shows(**fields: str) -> bool:
            order = (await ann.get(path)).json()
            return all(order[name] == value for name, value in fields.items())

        await eventually(lambda: shows(status="new"))
        assert (await ann.patch(path, json={"quantity": "30"})).json()["status"] == "pending_replace"
        await eventually(lambda: shows(status="new", quantity="30"))
        await ann.delete(path)
        await eventually(lambda: shows(status="cancelled"))
        assert (await exchange.balance("ann"))["reserved"] == 0


async def test_the_venues_refusal_ends_the_order_with_its_reason(exchange: Floor) -> None:
    async with exchange.orders(), exchange.client("ann") as ann:
        await exchange.deposit("ann", CASH)
        body = ticket(tif="fok", quantity="10", limit_price=resting(exchange.venue, "AAPL"))
        order = (await ann.post("/orders", json=body)).json()
        await settled(ann, order["id"])
        life = (await ann.get(f"/orders/{order['id']}")).json()
        assert life["status"] in {"cancelled", "expired", "rejected"}
        assert life["reason"]
        assert (await exchange.balance("ann"))["reserved"] == 0


async def test_many_orders_at_once_agree_with_the_venue(exchange: Floor) -> None:
    async with exchange.orders(), exchange.client("ann") as ann:
        await exchange.deposit("ann", CASH)
        market = ticket(type="market", limit_price=None)
        bodies = [market | {"client_order_id": f"c{n}", "quantity": str(n + 1)} for n in range(40)]
        answers = await asyncio.gather(*(ann.post("/orders", json=body) for body in bodies))
        assert {answer.status_code for answer in answers} == {201}
        await settled(ann, *(answer.json()["id"] for answer in answers))
        await agrees(exchange, "ann")


async def test_what_happens_while_orders_is_away_is_told_when_it_is_back(exchange: Floor) -> None:
    async with exchange.orders(), exchange.client("ann") as ann:
        await exchange.deposit("ann", CASH)
        price = resting(exchange.venue, "AAPL")
        waiting = [(await ann.post("/orders", json=ticket(limit_price=price))).json()["id"] for _ in range(3)]
        market = ticket(type="market", limit_price=None)
        for number in range(5):
            await ann.post("/orders", json=market | {"client_order_id": f"c{number}"})
    async with exchange.orders(), exchange.client("ann") as ann:
        orders = (await ann.get("/orders")).json()["items"]
        await settled(ann, *(order["id"] for order in orders if order["id"] not in waiting))

        async def working() -> bool:
            return [await status_of(ann, order_id) for order_id in waiting] == ["new"] * 3

        await eventually(working)
        await agrees(exchange, "ann")


async def test_each_fill_is_explained_from_the_venues_own_record(exchange: Floor) -> None:
    async with exchange.orders(), exchange.client("ann") as ann:
        await exchange.deposit("ann", CASH)
        best = exchange.venue.snapshot("AAPL").asks[0][1]
        market = ticket(type="market", limit_price=None, quantity=str(best + 1))
        order = (await ann.post("/orders", json=market)).json()
        await settled(ann, order["id"])
        fills = (await ann.get(f"/orders/{order['id']}")).json()["fills"]
        explained = (await ann.get(f"/orders/{order['id']}/explain")).json()["fills"]
        assert [{name: each[name] for name in fills[0]} for each in explained] == fills
        assert [(each["level"], each["reason"]) for each in explained[:: len(explained) - 1]] == [
            (0, "best_price"),
            (1, "deeper_level"),
        ]
        trades = {trade.exec_id: trade for trade in exchange.trades()}
        assert [each["trade_id"] for each in explained] == [trades[each["id"]].trade_id for each in explained]


async def test_an_order_without_a_fill_has_nothing_to_explain(exchange: Floor) -> None:
    async with exchange.orders(), exchange.client("ann") as ann, exchange.client("bob") as bob:
        await exchange.deposit("ann", CASH)
        placed = await ann.post("/orders", json=ticket(limit_price=resting(exchange.venue, "AAPL")))
        path = f"/orders/{placed.json()['id']}/explain"
        assert (await ann.get(path)).json()["fills"] == []
        assert (await bob.get(path)).json()["code"] == "not_found"


async def amend(exchange: Floor, exec_id: str, how: str, **body: str) -> None:
    async with httpx.AsyncClient(base_url=exchange.stack.urls["broker.http"], headers={"X-API-Key": KEY}) as operator:
        answer = await operator.post(f"/executions/{exec_id}/{how}", json=body)
        assert answer.status_code == 200, answer.text


async def test_a_trade_that_is_corrected_and_then_busted_leaves_nothing_behind(exchange: Floor) -> None:
    async with exchange.orders(), exchange.client("ann") as ann:
        await exchange.deposit("ann", CASH)
        order = (await ann.post("/orders", json=ticket(type="market", limit_price=None, quantity="10"))).json()
        await settled(ann, order["id"])

        async def told(event: str) -> bool:
            life = (await ann.get(f"/orders/{order['id']}")).json()
            return bool(life["history"][-1]["event"] == event)

        trade = exchange.trades()[-1]
        lower = money.text(trade.last_price - 100, 2)
        await amend(exchange, trade.exec_id, "correct", price=lower)
        await eventually(lambda: told("corrected"))
        life = (await ann.get(f"/orders/{order['id']}")).json()
        assert (life["status"], life["fills"][-1]["price"]) == ("filled", lower)
        paid = sum(Decimal(fill["cost"]) + Decimal(fill["fee"]) for fill in life["fills"])
        assert (await exchange.balance("ann"))["total"] == CASH - int(paid * 100)
        await amend(exchange, life["fills"][-1]["id"], "bust")
        await eventually(lambda: told("busted"))
        rest = sum(fill.last_quantity for fill in exchange.trades()) - trade.last_quantity
        assert (await exchange.balance("ann", "AAPL"))["total"] == rest
        assert (await exchange.state())["unmatched_reports"] == []
