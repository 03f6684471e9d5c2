"""A release that took events and booked nothing is gone: what it lost is booked by what orders stand at."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from services.contracts.events.orders import OrderFilled, OrderPartiallyFilled, TradeBusted
from services.contracts.orders import Fill, OrderState, Standing
from services.portfolio.domain.booking import Booking
from services.runtime.resources import Running
from tests.integration.neighbours import Neighbourhood, settled
from tests.integration.people import client, state_of
from tests.integration.portfolio.desk import fill, order
from tests.integration.portfolio.test_booking import books, life
from tests.integration.portfolio.test_busts import taken_back

FIRST, LAST = fill(order(), 4, 20_000, 100, 1), fill(order(), 6, 20_067, 200, 2)


async def recovered(running: Running, *standings: Standing) -> list[str]:
    async with client(running, None) as operator:
        answer = await operator.post("/internal/recover", content=msgspec.json.encode(standings))
    assert answer.status_code == 200
    booked: list[str] = answer.json()["booked"]
    return booked


def standing(sent: int, fills: Sequence[Fill], state: OrderState | None = None) -> Standing:
    return Standing(order=state or order(), sent=sent, fills=tuple(fills))


async def as_if_nothing_was_lost(around: Neighbourhood, running: Running) -> dict[str, Any]:
    """The books after an order's whole life."""
    await around.publish(*life())
    await settled(running)
    return await books(running)


@pytest.fixture
def loses_fills(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A release that takes fills and books none; undone, it is the one before."""
    monkeypatch.setattr(Booking, "trade", lambda *_: None)
    return monkeypatch


async def test_fills_that_were_taken_and_not_booked_are_booked_once(
    around: Neighbourhood, running: Running, loses_fills: pytest.MonkeyPatch
) -> None:
    lost = await as_if_nothing_was_lost(around, running)
    assert (lost["trades"], lost["cash"]) == ([], [])
    loses_fills.undo()
    assert await recovered(running, standing(4, [LAST, FIRST])) == [FIRST.fill_id, LAST.fill_id]
    found = await state_of(running)
    assert [(row["currency"], row["amount"]) for row in found["cash"]] == [("USD", -200_702)]
    assert [(lot["quantity"], lot["cost"]) for lot in found["lots"]] == [(4, 80_100), (6, 120_602)]
    assert not found["reservations"]
    once = await books(running)
    assert await recovered(running, standing(4, [FIRST, LAST])) == []
    assert await books(running) == once


async def test_what_waits_for_a_lost_event_waits_no_more_and_the_next_one_follows(
    around: Neighbourhood, running: Running
) -> None:
    first, second, lost, last = [around.envelope(event) for event in life()]
    await around.deliver([first, second, last])
    await settled(running)
    assert (await running.settled())["waiting"] == 1
    assert await recovered(running, standing(4, [FIRST, LAST])) == [FIRST.fill_id, LAST.fill_id]
    assert (await running.settled())["waiting"] == 0
    await around.deliver([lost])
    await around.publish(TradeBusted(order=order(), fill=taken_back(LAST)))
    await settled(running)
    (position,) = (await state_of(running))["positions"]
    assert (position["quantity"], position["cost"]) == (4, 80_100)


async def test_an_order_that_is_only_behind_ends_as_it_would_have(around: Neighbourhood, running: Running) -> None:
    envelopes = [around.envelope(event) for event in life()]
    await around.deliver(envelopes[:1])
    await settled(running)
    assert len(await recovered(running, standing(4, [FIRST, LAST]))) == 2
    await around.deliver(envelopes)
    await settled(running)
    found = await state_of(running)
    assert [row["amount"] for row in found["cash"]] == [-200_702]
    assert (len(found["trades"]), found["reservations"]) == (2, [])


async def test_an_order_of_which_more_is_known_is_left_alone(around: Neighbourhood, running: Running) -> None:
    before = await as_if_nothing_was_lost(around, running)
    old = standing(3, [FIRST], order(reserved=105_000))
    assert await recovered(running, old) == []
    assert await books(running) == before


async def test_a_bust_that_was_lost_takes_its_trade_back(around: Neighbourhood, running: Running) -> None:
    await as_if_nothing_was_lost(around, running)
    back = taken_back(FIRST)
    assert await recovered(running, standing(5, [FIRST, LAST, back])) == [back.fill_id]
    (position,) = (await state_of(running))["positions"]
    assert position["quantity"] == 6


async def test_strangers_and_nonsense_recover_nothing(running: Running) -> None:
    async with client(running, "ann") as trader:
        assert (await trader.post("/internal/recover", content=b"[]")).status_code == 404
    async with client(running, None) as operator:
        assert (await operator.post("/internal/recover", content=b'[{"order": 1}]')).status_code == 422


def test_the_life_that_these_tests_lose_is_of_the_fills_they_book_again() -> None:
    told = [event.fill for event in life() if isinstance(event, OrderFilled | OrderPartiallyFilled)]
    assert told == [FIRST, LAST]
