"""What never leaves, each refusal with its own code."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.contracts.events.market_data import InstrumentHalted, ReferencePrice, SessionChanged
from tests.eventually import eventually
from tests.integration.orders.desk import AAPL, Desk, ticket, trading


async def refused(client: httpx.AsyncClient, **fields: Any) -> tuple[int, str, str | None]:
    answer = await client.post("/orders", json=ticket(**fields))
    problem = answer.json()
    return answer.status_code, problem["code"], problem["field"]


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"symbol": "NONE"}, "unknown_symbol", "symbol"),
        ({"limit_price": "200.001"}, "off_tick", "limit_price"),
        ({"quantity": "1.5"}, "off_lot", "quantity"),
        ({"quantity": "0"}, "invalid_quantity", "quantity"),
        ({"limit_price": "300"}, "outside_band", "limit_price"),
        ({"limit_price": None}, "price_required", "limit_price"),
        ({"type": "market"}, "price_not_allowed", "limit_price"),
        ({"quantity": "501"}, "insufficient_cash", "quantity"),
        ({"side": "sell"}, "insufficient_shares", "quantity"),
        ({"quantity": "100000000"}, "notional_limit", "quantity"),
    ],
)
async def test_each_refusal_has_its_code(
    ann: httpx.AsyncClient, desk: Desk, fields: dict[str, Any], code: str, field: str
) -> None:
    assert await refused(ann, **fields) == (422, code, field)
    assert (await desk.state())["orders"] == []


@pytest.mark.parametrize(
    "body",
    [
        ticket(colour="red"),
        ticket(quantity=100),
        ticket(quantity="much"),
        ticket(quantity="1e5"),
        ticket(side="hold"),
        ticket(client_order_id=""),
        ticket(client_order_id="x" * 65),
        ticket(symbol=None),
        [],
        "order",
    ],
)
async def test_a_malformed_order_is_refused(ann: httpx.AsyncClient, body: Any) -> None:
    answer = await ann.post("/orders", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_without_a_token_nothing_is_answered(ann: httpx.AsyncClient) -> None:
    answer = await ann.post("/orders", json=ticket(), headers={"Authorization": ""})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_the_market_decides_by_its_events(desk: Desk, ann: httpx.AsyncClient) -> None:
    await desk.publish(InstrumentHalted(symbol="AAPL", time=1))

    async def code_is(code: str) -> bool:
        return (await refused(ann, quantity="501"))[1] == code

    await eventually(lambda: code_is("halted"))
    await desk.publish(SessionChanged(symbol="AAPL", status="closed", time=2))
    await eventually(lambda: code_is("market_closed"))
    await desk.publish(SessionChanged(symbol="AAPL", status="pre_open", time=3))
    await eventually(lambda: code_is("insufficient_cash"))
    await desk.publish(ReferencePrice(symbol="AAPL", price=10_000, time=4))
    await eventually(lambda: code_is("outside_band"))


async def test_a_client_order_id_is_one_order(ann: httpx.AsyncClient) -> None:
    body = ticket()
    first = await ann.post("/orders", json=body)
    again = await ann.post("/orders", json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    other = await ann.post("/orders", json=body | {"quantity": "99"})
    assert (other.status_code, other.json()["code"]) == (409, "client_order_id_conflict")


async def test_a_repeated_order_is_found_though_its_money_is_spoken_for(desk: Desk, ann: httpx.AsyncClient) -> None:
    body = ticket(quantity="499")
    assert [(await ann.post("/orders", json=body)).status_code for _ in range(2)] == [201, 200]


async def test_of_orders_at_once_only_those_are_placed_that_can_be_paid(desk: Desk, ann: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(ann.post("/orders", json=ticket(quantity="200")) for _ in range(6)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201, 201, 422, 422, 422, 422]
    balance = await desk.balance("ann")
    assert balance["reserved"] == 2 * (200 * 20_000 + 4_000)
    assert (await desk.state())["accounts"] == [{"account_id": "ann", "open_orders": 2}]


async def test_the_same_order_twice_at_once_is_placed_once(ann: httpx.AsyncClient) -> None:
    body = ticket()
    answers = await asyncio.gather(*(ann.post("/orders", json=body) for _ in range(8)))
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]


async def test_an_accounts_limits_hold(tmp_path: Path) -> None:
    async with trading(tmp_path, {"orders.max_open": "2", "orders.max_per_second": "4"}) as desk:
        await desk.deposit("ann", 10_000_000)
        async with desk.client("ann") as ann:
            answers = [await ann.post("/orders", json=ticket(quantity="1")) for _ in range(3)]
            codes = [answer.json().get("code") for answer in answers]
            assert codes == [None, None, "open_order_limit"]
            burst = await asyncio.gather(*(ann.post("/orders", json=ticket(quantity="1")) for _ in range(10)))
            limited = [answer for answer in burst if answer.status_code == 429]
            assert {answer.json()["code"] for answer in limited} == {"order_rate_limit"}
            assert limited[0].headers["retry-after"] == "1"


async def test_a_preview_tells_costs_and_everything_that_refuses(ann: httpx.AsyncClient) -> None:
    body = {key: value for key, value in ticket(quantity="501").items() if key != "client_order_id"}
    preview = (await ann.post("/orders/preview", json=body)).json()
    assert (preview["cost"], preview["fee"], preview["currency"]) == ("100200.00", "100.20", "USD")
    assert [refusal["code"] for refusal in preview["refusals"]] == ["insufficient_cash"]
    fine = (await ann.post("/orders/preview", json=body | {"quantity": "100"})).json()
    assert (fine["refusals"], fine["buying_power_after"]) == ([], "79980.00")


async def test_another_users_order_is_not_there(desk: Desk, ann: httpx.AsyncClient) -> None:
    path = f"/orders/{(await ann.post('/orders', json=ticket())).json()['id']}"
    async with desk.client("bob") as bob:
        answers = [await bob.get(path), await bob.delete(path), await bob.patch(path, json={"quantity": "1"})]
        assert [answer.status_code for answer in answers] == [404, 404, 404]
        assert (await bob.get("/orders")).json()["items"] == []
        assert (await bob.delete("/orders")).json()["items"] == []


async def test_an_instrument_without_a_price_takes_no_order(desk: Desk, ann: httpx.AsyncClient) -> None:
    from services.contracts.events.market_data import InstrumentListed
    from services.contracts.instruments import Instrument

    terms = {name: getattr(AAPL, name) for name in Instrument.__struct_fields__} | {"symbol": "NEW"}
    await desk.publish(InstrumentListed(symbol="NEW", instrument=Instrument(**terms)))

    async def known() -> bool:
        return (await refused(ann, symbol="NEW"))[1] == "no_reference_price"

    await eventually(known)
