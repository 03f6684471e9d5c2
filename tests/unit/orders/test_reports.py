"""What becomes of an order by the venue's reports."""

import pytest

from services.contracts.events import orders as events
from services.orders.domain import changes, reservation
from services.orders.domain.order import Order, Terms
from services.orders.domain.reports import MissingFills, NotAdmitted, Report, apply
from tests.unit.orders.making import NOW, fill, listing, order, report


def after(start: Order, *reports: Report) -> Order:
    for each in reports:
        start = apply(start, each).order
    return start


def test_an_accepted_order_is_new() -> None:
    applied = apply(order(), report("accepted"))
    assert applied.order.state.status == "new"
    assert isinstance(applied.event, events.OrderAccepted)


def test_a_fill_carries_its_cost_and_the_reports_fee() -> None:
    applied = apply(order(), fill(40, 19_990, 17))
    assert applied.fill is not None
    assert (applied.fill.cost, applied.fill.fee) == (40 * 19_990, 17)
    assert isinstance(applied.event, events.OrderPartiallyFilled)
    assert (applied.order.state.filled, applied.order.state.fees) == (40, 17)


def test_the_last_fill_ends_the_order_and_releases_the_rest() -> None:
    applied = apply(order(), fill(100, 19_000, 100))
    assert isinstance(applied.event, events.OrderFilled)
    assert (applied.order.state.status, applied.order.state.reserved) == ("filled", 0)


def test_a_request_after_the_market_went_back_a_little_is_no_older_than_what_came_before() -> None:
    accepted = after(order(), report("accepted"))
    back = accepted.state.updated - 1
    asked, _ = changes.request_cancel(accepted, back)
    replaced = changes.request_replace(accepted, Terms(quantity=70, limit_price=20_000, worst_price=20_000), back)
    assert (asked.state.updated, replaced.state.updated) == (accepted.state.updated, accepted.state.updated)


def test_a_fill_after_a_cancel_request_keeps_the_request() -> None:
    """B.1.b."""
    asked, _ = changes.request_cancel(after(order(), report("accepted")), NOW)
    applied = apply(asked, fill(10))
    assert applied.order.state.status == "pending_cancel"
    assert after(applied.order, report("cancelled", filled=10)).state.status == "cancelled"


def test_a_cancel_that_comes_too_late_is_told_after_the_fill() -> None:
    """B.1.c."""
    asked, _ = changes.request_cancel(after(order(), report("accepted")), NOW)
    filled = after(asked, fill(100))
    assert filled.state.status == "filled"
    refused = apply(filled, report("cancel_rejected", filled=100))
    assert isinstance(refused.event, events.CancelRejected)
    assert refused.order.state.status == "filled"


def test_a_rejected_cancel_shows_the_standing_again() -> None:
    asked, _ = changes.request_cancel(after(order(), fill(10)), NOW)
    assert after(asked, report("cancel_rejected")).state.status == "partially_filled"


def test_a_fill_crosses_a_replace() -> None:
    """C.3.a: the fill counts against the old terms, the replace is then applied with what is filled."""
    asked = changes.request_replace(order(), Terms(quantity=70, limit_price=20_000, worst_price=20_000), NOW)
    crossed = after(asked, fill(60))
    assert crossed.state.status == "pending_replace"
    replaced = after(crossed, report("replaced", version=2, filled=60))
    assert (replaced.state.status, replaced.state.quantity, replaced.state.left) == ("partially_filled", 70, 10)


def test_a_replace_that_nobody_here_remembers_stands_as_the_venue_says_and_is_reserved_for() -> None:
    """As after a restore: the request was made in the time that is lost."""
    forgotten = after(order(), report("accepted"), fill(10))
    terms = Terms(quantity=130, limit_price=20_010)
    now = after(forgotten, report("replaced", version=3, filled=10, terms=terms))

    assert (now.state.status, now.state.quantity, now.state.limit_price) == ("partially_filled", 130, 20_010)
    assert (now.worst_price, now.state.reserved) == (20_010, reservation.to_hold(now))
    assert now.state.reserved > forgotten.state.reserved
    assert changes.request_cancel(now, NOW)[0].version == 4, "the broker has seen the three before"


def test_of_a_replace_that_was_asked_for_the_terms_asked_for_stand() -> None:
    asked = changes.request_replace(order(), Terms(quantity=70, limit_price=20_000, worst_price=20_000), NOW)
    replaced = after(asked, report("replaced", version=2, terms=Terms(quantity=60, limit_price=19_000)))
    assert (replaced.state.quantity, replaced.state.limit_price) == (70, 20_000)


def test_the_name_of_a_request_that_was_refused_is_used() -> None:
    refused = after(order(), report("accepted"), report("cancel_rejected", refused=2))
    assert (refused.version, refused.working) == (2, 1)


def test_a_replace_below_what_is_filled_meanwhile_fills_the_order() -> None:
    """C.3.c: the quantity is amended to what is filled."""
    asked = changes.request_replace(order(), Terms(quantity=50, limit_price=20_000, worst_price=20_000), NOW)
    replaced = after(asked, fill(60), report("replaced", version=2, filled=60))
    assert (replaced.state.status, replaced.state.quantity, replaced.state.reserved) == ("filled", 60, 0)


def test_a_fill_after_the_end_is_booked_all_the_same() -> None:
    late = apply(after(order(), report("cancelled")), fill(30))
    assert isinstance(late.event, events.OrderPartiallyFilled)
    assert (late.order.state.status, late.order.state.filled) == ("cancelled", 30)


def test_an_end_that_counts_unseen_fills_waits_for_them() -> None:
    with pytest.raises(MissingFills):
        apply(order(), report("cancelled", filled=10))


def test_a_report_outside_the_matrices_is_not_admitted() -> None:
    with pytest.raises(NotAdmitted):
        apply(after(order(), fill(10)), report("rejected"))


def test_an_order_unknown_to_the_venue_ends() -> None:
    assert after(order(), report("unknown", reason="unknown_order")).state.status == "rejected"
    assert after(order(), fill(1), report("unknown")).state.status == "cancelled"


def test_why_it_ended_is_kept() -> None:
    assert after(order(), report("cancelled", reason="no_liquidity")).state.reason == "no_liquidity"


def test_a_cancel_asked_while_a_replace_is_pending_leaves_when_that_is_answered() -> None:
    """D.2, one request at a time."""
    asked = changes.request_replace(order(), Terms(quantity=70, limit_price=20_000, worst_price=20_000), NOW)
    waiting, nothing = changes.request_cancel(asked, NOW)
    assert nothing is None
    assert waiting.state.status == "pending_cancel"
    cancelling, dispatch = changes.follow_up(after(waiting, report("replaced", version=2)), NOW)
    assert dispatch is not None
    assert (dispatch.kind, dispatch.cl_ord_id, dispatch.orig_cl_ord_id) == ("cancel", "o1-3", "o1-2")
    assert cancelling.state.status == "pending_cancel"


def test_a_cancel_asked_twice_changes_nothing() -> None:
    once, _ = changes.request_cancel(order(), NOW)
    assert changes.request_cancel(once, NOW + 5) == (once, None)


def test_a_limit_orders_worst_price_follows_its_replace() -> None:
    start = order()
    state = changes.edited(start, changes.Edit(limit_price="210.00"), listing())
    assert (state.limit_price, state.quantity) == (21_000, 100)
