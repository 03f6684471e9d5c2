"""Trades that are busted or corrected, on a real database: taken back by new rows, the old ones stay."""

from typing import Any

import httpx
from msgspec.structs import replace

from services.contracts.events.orders import TradeBusted, TradeCorrected
from services.contracts.orders import Fill
from services.runtime.resources import Running
from tests.integration.neighbours import Neighbourhood, settled
from tests.integration.people import figures_of, state_of
from tests.integration.portfolio.desk import fill, filled, order, placed


def taken_back(one: Fill) -> Fill:
    facts = {"quantity": -one.quantity, "cost": -one.cost, "fee": -one.fee}
    return replace(one, fill_id=f"{one.fill_id}-back", reverses=one.fill_id, time=one.time + 10, **facts)


async def bought(around: Neighbourhood, running: Running) -> Fill:
    """Ten at 100.00, then five at 200.00, which is returned."""
    for number, quantity, price in ((1, 10, 10_000), (2, 5, 20_000)):
        state = order(number=number, quantity=quantity)
        await around.publish(placed(state), filled(state, quantity, price, 7))
    await settled(running)
    return fill(order(number=2, quantity=5), 5, 20_000, 7)


async def position(running: Running) -> dict[str, Any]:
    (row,) = (await state_of(running))["positions"]
    return {name: row[name] for name in ("quantity", "cost", "realised", "realised_fifo")}


async def test_a_bust_leaves_the_books_as_they_were_before_the_trade(around: Neighbourhood, running: Running) -> None:
    trade = await bought(around, running)
    counted = await figures_of(running)
    before = await state_of(running)
    event = TradeBusted(order=order(number=2, quantity=5), fill=taken_back(trade))
    await around.publish(event)
    await settled(running)
    tables = await state_of(running)
    now = await figures_of(running)
    assert now['portfolio_trades_total{entry="made",side="buy"}'] == 2
    assert now['portfolio_trades_total{entry="reversed",side="buy"}'] == 1
    assert now['portfolio_turnover_total{currency="USD"}'] == 2_000
    assert now['portfolio_fees_total{currency="USD"}'] == counted['portfolio_fees_total{currency="USD"}'] == 0.14
    assert await position(running) == {"quantity": 10, "cost": 100_007, "realised": 0, "realised_fifo": 0}
    assert [(lot["lot_id"], lot["quantity"]) for lot in tables["lots"]] == [("order-1-1", 10)]
    assert [row["amount"] for row in tables["cash"]] == [-100_007]
    assert tables["trades"][:2] == before["trades"]
    assert tables["ledger"][: len(before["ledger"])] == before["ledger"]
    assert [(row["kind"], row["debit"], row["credit"], row["amount"]) for row in tables["ledger"][-3:]] == [
        ("trade", "cash", "trading", 100_000),
        ("shares", "street", "position", 5),
        ("fee", "cash", "fees", 7),
    ]


async def test_a_correction_is_a_trade_taken_back_and_another_one(
    around: Neighbourhood, running: Running, ann: httpx.AsyncClient
) -> None:
    trade = await bought(around, running)
    again = replace(trade, fill_id="order-2-9", price=19_000, cost=95_000)
    event = TradeCorrected(order=order(number=2, quantity=5), taken_back=taken_back(trade), fill=again)
    await around.publish(event)
    await settled(running)
    assert await position(running) == {"quantity": 15, "cost": 195_014, "realised": 0, "realised_fifo": 0}
    shown = (await ann.get("/portfolio/trades")).json()["items"]
    assert [(each["fill_id"], each["quantity"], each["reverses"]) for each in shown[:2]] == [
        ("order-2-9", "5", None),
        ("order-2-1-back", "-5", "order-2-1"),
    ]


async def test_a_bust_in_the_same_batch_as_its_trade_is_booked_after_it(
    around: Neighbourhood, running: Running
) -> None:
    state = order()
    trade = fill(state, 10, 10_000, 7)
    events = [placed(state), filled(state, 10, 10_000, 7), TradeBusted(order=state, fill=taken_back(trade))]
    await around.publish(*events)
    await settled(running)
    assert await position(running) == {"quantity": 0, "cost": 0, "realised": 0, "realised_fifo": 0}
    assert not (await state_of(running))["lots"]
