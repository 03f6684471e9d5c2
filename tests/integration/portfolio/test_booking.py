"""What becomes of the books, whatever order and however often the events come."""

import random

import httpx
import pytest

from services.contracts.envelope import Envelope
from services.contracts.event import Event
from services.contracts.events.orders import OrderCancelled
from services.contracts.events.portfolio import PositionChanged
from services.runtime.resources import Running
from tests.integration.neighbours import AAPL, BTCUSDT, Neighbourhood, settled
from tests.integration.people import state_of
from tests.integration.portfolio.desk import accepted, filled, order, partly, placed


def life() -> list[Event]:
    """An order from its placing to its last fill: ten shares for 2,004.00 and a fee of 3.00."""
    state = order(reserved=210_000)
    return [
        placed(state),
        accepted(state),
        partly(order(reserved=105_000), 4, 20_000, 100, 1),
        filled(order(), 6, 20_067, 200, 2),
    ]


async def books(running: Running) -> dict[str, object]:
    """All that the account's events have made, without what the database numbers."""
    tables = await state_of(running)
    names = ("cash", "positions", "lots", "reservations", "trades", "ledger")
    return {
        name: sorted(
            ({key: value for key, value in row.items() if key not in {"id", "seal"}} for row in tables.get(name, [])),
            key=str,
        )
        for name in names
    }


async def test_a_fill_is_booked_with_its_cash_fee_lots_and_ledger(around: Neighbourhood, running: Running) -> None:
    await around.publish(*life())
    await settled(running)
    tables = await state_of(running)
    assert [(row["currency"], row["amount"]) for row in tables["cash"]] == [("USD", -200_702)]
    (position,) = tables["positions"]
    assert (position["quantity"], position["cost"], position["realised"]) == (10, 200_702, 0)
    assert [(lot["quantity"], lot["cost"]) for lot in tables["lots"]] == [(4, 80_100), (6, 120_602)]
    assert not tables["reservations"]
    assert len(tables["trades"]) == 2
    assert [(row["kind"], row["debit"], row["credit"], row["amount"]) for row in tables["ledger"][:3]] == [
        ("trade", "trading", "cash", 80_000),
        ("shares", "position", "street", 4),
        ("fee", "fees", "cash", 100),
    ]


async def test_events_that_come_again_change_nothing(around: Neighbourhood, running: Running) -> None:
    envelopes = await around.publish(*life())
    await settled(running)
    before = await books(running)
    await around.deliver(envelopes)
    await around.deliver(list(reversed(envelopes)))
    await settled(running)
    assert await books(running) == before


async def test_a_fill_that_comes_again_under_another_events_name_changes_nothing(
    around: Neighbourhood, running: Running
) -> None:
    """The inbox was pruned, or the order service told it twice: the ledger knows its cause."""
    first, *_, last = life()
    await around.publish(first, last)
    await settled(running)
    before = await books(running)
    await around.publish(last)
    await settled(running)
    assert await books(running) == before


@pytest.mark.parametrize("seed", range(4))
async def test_early_events_wait_for_their_predecessors(around: Neighbourhood, running: Running, seed: int) -> None:
    envelopes = [around.envelope(event) for event in life()]
    random.Random(seed).shuffle(envelopes)
    for envelope in envelopes:
        await around.deliver([envelope])
    await settled(running)
    assert (await running.settled())["waiting"] == 0
    tables = await state_of(running)
    assert [row["fill_id"] for row in tables["trades"]] == ["order-1-1", "order-1-2"]
    assert not tables["reservations"]


async def test_an_event_without_its_predecessor_is_not_booked(around: Neighbourhood, running: Running) -> None:
    first, _, third, _ = [around.envelope(event) for event in life()]
    await around.deliver([first, third])
    await settled(running)
    assert (await running.settled())["waiting"] == 1
    tables = await state_of(running)
    assert not tables["trades"]
    assert [row["amount"] for row in tables["reservations"]] == [210_000]


async def test_every_asset_of_the_ledger_sums_to_zero_and_its_cash_is_the_accounts(
    around: Neighbourhood, running: Running
) -> None:
    chance = random.Random(7)
    for number in range(1, 40):
        state = order(chance.choice(["buy", "sell"]), 10, number=number, terms=chance.choice([BTCUSDT, AAPL]))
        await around.publish(placed(state), filled(state, chance.randint(1, 9), chance.randint(1, 9_999), 3))
    await settled(running)
    tables = await state_of(running)
    sums: dict[tuple[str, str], int] = {}
    for row in tables["ledger"]:
        sums[row["asset"], row["debit"]] = sums.get((row["asset"], row["debit"]), 0) + row["amount"]
        sums[row["asset"], row["credit"]] = sums.get((row["asset"], row["credit"]), 0) - row["amount"]
    for asset in {asset for asset, _ in sums}:
        assert sum(amount for (of, _), amount in sums.items() if of == asset) == 0
    assert {row["currency"]: row["amount"] for row in tables["cash"]} == {
        asset: amount for (asset, book), amount in sums.items() if book == "cash"
    }
    assert {row["symbol"]: row["quantity"] for row in tables["positions"]} == {
        asset: amount for (asset, book), amount in sums.items() if book == "position"
    }
    for position in tables["positions"]:
        held = [lot for lot in tables["lots"] if lot["symbol"] == position["symbol"]]
        assert sum(lot["quantity"] for lot in held) == position["quantity"]


async def test_what_an_order_reserves_is_kept_until_it_ends(
    around: Neighbourhood, running: Running, ann: httpx.AsyncClient
) -> None:
    state = order(reserved=150_000)
    await around.publish(placed(state))
    await around.publish(placed(order(number=2, reserved=50_000)))
    await settled(running)
    tables = await state_of(running)
    assert {row["order_id"]: row["amount"] for row in tables["reservations"]} == {"order-1": 150_000, "order-2": 50_000}
    await around.publish(OrderCancelled(order=order()))
    await settled(running)
    assert [row["order_id"] for row in (await state_of(running))["reservations"]] == ["order-2"]


async def test_what_changed_is_told_with_its_cause(around: Neighbourhood, running: Running) -> None:
    queue = await around.stack.broker.listen([PositionChanged])
    *_, last = await around.publish(*life())
    told: list[Envelope] = []
    while not told or told[-1].causation != last.id:
        told += await queue.take(10) or ()
    event = told[-1].event
    assert isinstance(event, PositionChanged)
    assert (event.quantity, event.cost, event.cash, event.fill_id) == (10, 200_702, -200_702, "order-1-2")
