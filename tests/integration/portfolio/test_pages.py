"""What the account's owner sees and asks for."""

from pathlib import Path

import httpx

from services.contracts.events.orders import CashCredited
from services.contracts.events.portfolio import CashDeposited
from services.runtime import local
from services.runtime.resources import Running
from tests.eventually import eventually
from tests.integration.neighbours import BTCUSDT, Neighbourhood, neighbourhood, offer_instruments, ready, settled
from tests.integration.people import client, state_of
from tests.integration.portfolio.desk import filled, order, placed

KEY = {"Idempotency-Key": "first"}


def deposit(amount: str = "1000.00", asset: str = "USD") -> dict[str, str]:
    return {"asset": asset, "amount": amount}


async def credited(around: Neighbourhood, running: Running, deposit_id: str) -> None:
    """As orders answer what they were asked to credit."""
    rows = (await state_of(running))["deposits"]
    (row,) = [row for row in rows if row["deposit_id"] == deposit_id]
    names = ("deposit_id", "account_id", "asset", "amount", "scale")
    await around.publish(CashCredited(**{name: row[name] for name in names}))
    await settled(running)


async def test_a_deposit_is_pending_until_orders_have_credited_it(
    around: Neighbourhood, running: Running, ann: httpx.AsyncClient
) -> None:
    queue = await around.stack.broker.listen([CashDeposited])
    answer = await ann.post("/portfolio/deposits", json=deposit(), headers=KEY)
    assert answer.status_code == 201
    made = answer.json()
    assert made | {"id": ""} == {"id": "", "asset": "USD", "amount": "1000.00", "status": "pending"}
    (envelope,) = await queue.take(10) or ()
    assert isinstance(envelope.event, CashDeposited)
    assert (envelope.event.amount, envelope.event.scale) == (100_000, 2)
    assert (await ann.get("/portfolio")).json()["cash"] == []
    await credited(around, running, made["id"])
    assert (await ann.get(f"/portfolio/deposits/{made['id']}")).json()["status"] == "credited"
    assert (await ann.get("/portfolio")).json()["cash"] == [
        {"currency": "USD", "total": "1000.00", "reserved": "0.00", "free": "1000.00"}
    ]
    (movement,) = (await ann.get("/portfolio/ledger")).json()["items"]
    assert (movement["kind"], movement["debit"], movement["credit"], movement["amount"]) == (
        "deposit",
        "cash",
        "outside",
        "1000.00",
    )


async def test_a_deposit_that_is_credited_again_changes_nothing(
    around: Neighbourhood, running: Running, ann: httpx.AsyncClient
) -> None:
    made = (await ann.post("/portfolio/deposits", json=deposit(), headers=KEY)).json()
    for _ in range(2):
        await credited(around, running, made["id"])
    assert (await ann.get("/portfolio")).json()["cash"][0]["total"] == "1000.00"


async def test_shares_that_are_deposited_count_as_bought_at_the_last_price(
    around: Neighbourhood, running: Running, ann: httpx.AsyncClient
) -> None:
    await around.quote("BTCUSDT", 6_000_000)
    made = (await ann.post("/portfolio/deposits", json=deposit("0.5", "BTCUSDT"), headers=KEY)).json()
    assert made["amount"] == "0.50000"
    await credited(around, running, made["id"])
    (position,) = (await ann.get("/portfolio")).json()["positions"]
    assert (position["quantity"], position["cost"]) == ("0.50000", "30000.000000")
    assert position["average_cost"] == "60000.00000000"
    assert [lot["quantity"] for lot in position["lots"]] == ["0.50000"]


async def test_shares_without_a_price_are_not_taken_yet(ann: httpx.AsyncClient) -> None:
    answer = await ann.post("/portfolio/deposits", json=deposit("5", "AAPL"), headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (503, "no_price")


async def test_the_same_key_makes_one_deposit(running: Running, ann: httpx.AsyncClient) -> None:
    first = await ann.post("/portfolio/deposits", json=deposit(), headers=KEY)
    again = await ann.post("/portfolio/deposits", json=deposit(), headers=KEY)
    assert (again.status_code, again.json()) == (201, first.json())
    other = await ann.post("/portfolio/deposits", json=deposit("5"), headers=KEY)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    assert len((await state_of(running))["deposits"]) == 1
    async with client(running, "bob") as bob:
        assert (await bob.post("/portfolio/deposits", json=deposit(), headers=KEY)).json() != first.json()


REFUSED: list[tuple[object, int, str, str | None]] = [
    (deposit("0"), 422, "invalid_amount", "amount"),
    (deposit("-5"), 422, "invalid_amount", "amount"),
    (deposit("1.001"), 422, "invalid_amount", "amount"),
    (deposit("1e3"), 422, "invalid_amount", "amount"),
    (deposit("١٢"), 422, "invalid_amount", "amount"),
    (deposit("1000000000.01"), 422, "invalid_amount", "amount"),
    (deposit("9" * 41), 422, "invalid", "amount"),
    (deposit("5", "EUR"), 422, "unknown_asset", "asset"),
    (deposit("5", "aapl"), 422, "invalid", "asset"),
    (deposit("5", "A" * 33), 422, "invalid", "asset"),
    ({"asset": "USD"}, 422, "invalid", "amount"),
    ({"asset": "USD", "amount": 5}, 422, "invalid", "amount"),
    (deposit() | {"extra": "1"}, 422, "invalid", "extra"),
    ([], 422, "invalid", "body"),
]


async def test_a_deposit_that_cannot_be_is_refused_with_its_field(ann: httpx.AsyncClient) -> None:
    for body, status, code, field in REFUSED:
        answer = await ann.post("/portfolio/deposits", json=body, headers=KEY)
        problem = answer.json()
        assert (answer.status_code, problem["code"], problem["field"]) == (status, code, field), body


async def test_a_deposit_needs_a_key_a_body_and_a_token(running: Running, ann: httpx.AsyncClient) -> None:
    without = await ann.post("/portfolio/deposits", json=deposit())
    assert (without.status_code, without.json()["field"]) == (422, "idempotency-key")
    torn = await ann.post("/portfolio/deposits", content=b"{", headers=KEY | {"content-type": "application/json"})
    assert (torn.status_code, torn.json()["code"]) == (400, "malformed_json")
    large = await ann.post("/portfolio/deposits", json=deposit("1" * 70_000), headers=KEY)
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    async with client(running, None) as stranger:
        assert (await stranger.post("/portfolio/deposits", json=deposit(), headers=KEY)).status_code == 401


async def test_nobody_sees_anothers_account(around: Neighbourhood, running: Running, ann: httpx.AsyncClient) -> None:
    made = (await ann.post("/portfolio/deposits", json=deposit(), headers=KEY)).json()
    await around.publish(placed(order()), filled(order(), 10, 20_000))
    await settled(running)
    async with client(running, "bob") as bob:
        found = await bob.get(f"/portfolio/deposits/{made['id']}")
        assert (found.status_code, found.json()["code"]) == (404, "not_found")
        assert (await bob.get("/portfolio")).json() == {"cash": [], "positions": []}
        for path in ("/portfolio/trades", "/portfolio/ledger"):
            assert (await bob.get(path)).json() == {"items": [], "next": None}


async def test_the_portfolio_adds_up(around: Neighbourhood, running: Running, ann: httpx.AsyncClient) -> None:
    """Ten at 200.00 and ten at 210.00, fees of 1.00; fifteen sold at 220.00, fee 2.00; worth 230.00, before 225.00."""
    for number, price in ((1, 20_000), (2, 21_000)):
        await around.publish(placed(order(number=number)), filled(order(number=number), 10, price, 100))
    sale = order("sell", 15, number=3)
    await around.publish(placed(sale), filled(sale, 15, 22_000, 200))
    open_order, open_sale = order(number=4, reserved=50_000), order("sell", 2, number=5, reserved=2)
    await around.publish(placed(open_order), placed(open_sale))
    await around.quote("AAPL", 23_000, 22_500)
    await settled(running)
    portfolio = (await ann.get("/portfolio")).json()
    assert portfolio["cash"] == [
        {"currency": "USD", "total": "-804.00", "reserved": "500.00", "free": "-1304.00"},
    ]
    (position,) = portfolio["positions"]
    lots = position.pop("lots")
    # 4,102.00 for twenty is 205.10 each; 3,298.00 came in for fifteen that had cost 3,076.50.
    assert position == {
        "symbol": "AAPL",
        "currency": "USD",
        "quantity": "5",
        "cost": "1025.50",
        "average_cost": "205.1000",
        "realised": "221.50",
        # The first ten at 200.10 and five of those at 210.10.
        "realised_fifo": "246.50",
        "market_value": "1150.00",
        "unrealised": "124.50",
        "day_change": "25.00",
        "reserved": "2",
    }
    assert [(lot["id"], lot["quantity"], lot["cost"]) for lot in lots] == [("order-2-1", "5", "1050.50")]
    (trade, *_) = (await ann.get("/portfolio/trades")).json()["items"]
    assert (trade["side"], trade["price"], trade["quantity"], trade["realised"]) == ("sell", "220.00", "15", "221.50")


async def test_without_a_quote_the_markets_figures_are_null(
    around: Neighbourhood, running: Running, ann: httpx.AsyncClient
) -> None:
    await around.publish(placed(order()), filled(order(), 10, 20_000))
    await settled(running)
    (position,) = (await ann.get("/portfolio")).json()["positions"]
    assert [position[name] for name in ("market_value", "unrealised", "day_change")] == [None] * 3


async def test_trades_and_ledger_are_paged_newest_first(
    around: Neighbourhood, running: Running, ann: httpx.AsyncClient
) -> None:
    for number in range(1, 6):
        await around.publish(placed(order(number=number)), filled(order(number=number), 1, 20_000))
    await settled(running)
    seen: list[str] = []
    query = "?limit=2"
    while query:
        page = (await ann.get(f"/portfolio/trades{query}")).json()
        seen += [trade["order_id"] for trade in page["items"]]
        query = f"?limit=2&cursor={page['next']}" if page["next"] else ""
    assert seen == [f"order-{number}" for number in (5, 4, 3, 2, 1)]
    for path in ("/portfolio/trades", "/portfolio/ledger"):
        for cursor in ("nonsense", "WyJhIl0", "WzksOV0", "W10", "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5XQ"):
            answer = await ann.get(f"{path}?cursor={cursor}")
            assert (answer.status_code, answer.json()["code"]) == (404, "bad_cursor"), cursor


async def test_it_serves_and_says_what_it_waits_for_while_market_data_is_away(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        local.offer("asgi://market_data", None)
        async with around.stack.part("portfolio") as running, client(running) as ann:
            assert "instruments" in await running.ready()
            assert (await ann.get("/portfolio")).status_code == 200
            offer_instruments(BTCUSDT)
            await eventually(lambda: _has_it(running), timeout=10)
        local.offer("asgi://market_data", None)
        async with around.stack.part("portfolio") as running:
            await ready(running)  # an earlier run's copy will do


async def _has_it(running: Running) -> bool:
    return not await running.ready()
