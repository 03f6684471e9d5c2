"""What becomes of an order whose trade is busted or corrected."""

from typing import Any

import pytest

from services.contracts.events import orders as events
from services.contracts.orders import Fill
from services.orders.domain import reservation
from services.orders.domain.amending import amend
from services.orders.domain.order import Order
from services.orders.domain.reports import Applied, MissingFills, NotAdmitted, Report, apply
from tests.unit.orders.making import fill, order, report


def traded(*fills: Report, **terms: Any) -> tuple[Order, list[Fill]]:
    now, booked = apply(order(**terms), report("accepted")).order, list[Fill]()
    for number, each in enumerate(fills):
        applied = apply(now, Report(**{**_facts(each), "report_id": f"E{number}"}))
        assert applied.fill is not None
        now = applied.order
        booked.append(applied.fill)
    return now, booked


def _facts(each: Report) -> dict[str, Any]:
    return {name: getattr(each, name) for name in Report.__struct_fields__}


def bust(now: Order, of: Fill | None, **facts: Any) -> Applied:
    named = of.fill_id if of else "E0"
    return amend(now, report("busted", refers_to=named, reason="trade_busted", **facts), of, gone=False)


def test_a_bust_takes_the_fill_back_by_an_entry_of_its_own() -> None:
    before, (one,) = traded(fill(40, 19_990, 17))
    applied = bust(before, one)
    back = applied.taken_back
    assert back is not None
    assert (back.quantity, back.price, back.cost, back.fee) == (-40, 19_990, -40 * 19_990, -17)
    assert (back.fill_id, back.reverses, back.traded) == ("e-busted", "E0", one.time)
    assert isinstance(applied.event, events.TradeBusted)
    assert applied.fill is None


def test_an_open_order_is_open_for_what_comes_back_and_reserves_for_it() -> None:
    placed = order()
    before, (one,) = traded(fill(40, 19_990, 17))
    after = bust(before, one).order
    assert (after.state.status, after.state.filled, after.state.fees) == ("new", 0, 0)
    assert after.state.reserved == placed.state.reserved


def test_a_filled_order_is_cancelled_for_the_brokers_reason_and_reserves_nothing() -> None:
    before, (one, _) = traded(fill(40), fill(60))
    state = bust(before, one).order.state
    assert (state.status, state.reason, state.filled, state.reserved) == ("cancelled", "trade_busted", 60, 0)


def test_an_order_that_was_cancelled_keeps_its_reason() -> None:
    before, (one,) = traded(fill(40))
    cancelled = apply(before, report("cancelled", filled=40, reason="requested")).order
    state = bust(cancelled, one).order.state
    assert (state.status, state.reason, state.filled) == ("cancelled", "requested", 0)


def test_a_pending_cancel_is_still_pending() -> None:
    before, (one,) = traded(fill(40))
    asked = Order(**{**{n: getattr(before, n) for n in Order.__struct_fields__}, "request": "cancel"})
    assert bust(asked, one).order.state.status == "pending_cancel"


def test_another_price_is_a_fill_taken_back_and_a_new_one() -> None:
    before, (one,) = traded(fill(100, 19_990, 17))
    correction = report("corrected", refers_to="E0", quantity=100, price=19_900, fee=16)
    applied = amend(before, correction, one, gone=False)
    assert applied.taken_back is not None
    assert applied.fill is not None
    assert (applied.taken_back.fill_id, applied.taken_back.cost) == ("e-corrected:back", -1_999_000)
    assert (applied.fill.fill_id, applied.fill.cost, applied.fill.fee) == ("e-corrected", 1_990_000, 16)
    assert (applied.order.state.status, applied.order.state.fees) == ("filled", 16)
    assert isinstance(applied.event, events.TradeCorrected)


def test_the_risk_ledger_gets_back_what_the_trade_took() -> None:
    before, (one,) = traded(fill(100, 19_990, 17))
    after = bust(before, one).order
    moved = {each.asset: (each.total, each.reserved) for each in reservation.movements(before.state, after.state)}
    assert moved == {"USD": (1_999_017, 0), "AAPL": (-100, 0)}


def test_a_bust_of_a_fill_that_was_never_told_waits_for_it() -> None:
    before, _ = traded(fill(40))
    with pytest.raises(MissingFills):
        bust(before, None)


def test_a_fill_is_taken_back_once() -> None:
    before, (one,) = traded(fill(40))
    with pytest.raises(NotAdmitted):
        amend(before, report("busted", refers_to="E0"), one, gone=True)
