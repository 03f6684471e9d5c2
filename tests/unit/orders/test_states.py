"""The order's state machine against FIX 4.4's order state change matrices (volume 4, appendix D)."""

from typing import get_args

import pytest

from services.contracts.orders import FINAL, OrderStatus
from services.orders.domain import states
from services.orders.domain.reports import EVENTS

OPEN = sorted(set(states.TRANSITIONS) - FINAL)


def test_every_standing_has_a_row() -> None:
    assert set(states.TRANSITIONS) == set(get_args(states.Standing))


def test_every_status_of_the_contract_can_be_shown() -> None:
    shown = {
        states.status(standing, request, later)
        for standing in states.TRANSITIONS
        for request in (None, "cancel", "replace")
        for later in (False, True)
    }
    assert shown == set(get_args(OrderStatus))


@pytest.mark.parametrize("standing", states.TRANSITIONS)
@pytest.mark.parametrize("change", ["partial_fill", "fill"])
def test_a_fill_is_booked_wherever_the_order_stands(standing: states.Standing, change: states.Change) -> None:
    assert states.after(standing, change) is not None


@pytest.mark.parametrize("standing", ["cancelled", "rejected", "expired"])
def test_a_partial_fill_after_the_end_opens_nothing(standing: states.Standing) -> None:
    assert states.after(standing, "partial_fill") == standing


@pytest.mark.parametrize("standing", states.TRANSITIONS)
@pytest.mark.parametrize("change", ["cancel_rejected", "replace_rejected"])
def test_a_rejected_request_leaves_the_standing(standing: states.Standing, change: states.Change) -> None:
    assert states.after(standing, change) == standing


@pytest.mark.parametrize("standing", OPEN)
@pytest.mark.parametrize("change", ["cancelled", "expired", "unknown"])
def test_an_open_order_can_end(standing: states.Standing, change: states.Change) -> None:
    assert states.after(standing, change) in FINAL


def test_a_filled_order_that_is_replaced_to_more_is_open_again() -> None:
    """C.1.c."""
    assert states.after("filled", "replaced") == "partially_filled"


def test_a_replace_down_to_what_is_filled_fills_the_order() -> None:
    """C.3.b and C.3.c."""
    assert states.after("partially_filled", "replaced_filled") == "filled"


def test_a_partially_filled_order_is_not_rejected() -> None:
    assert states.after("partially_filled", "rejected") is None


@pytest.mark.parametrize("standing", sorted(FINAL))
def test_an_end_shows_over_any_request(standing: states.Standing) -> None:
    assert states.status(standing, "cancel", True) == standing


def test_a_pending_cancel_shows_over_a_pending_replace() -> None:
    assert states.status("new", "replace", True) == "pending_cancel"


def test_every_change_has_its_event() -> None:
    assert set(get_args(states.Change)) == set(EVENTS) | {"fill", "partial_fill", "amended", "taken_back", "unknown"}
