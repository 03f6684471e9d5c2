"""What refuses an order, and by which code."""

from typing import Any

import pytest

from services.contracts.errors import DomainError
from services.orders.domain import checks
from services.orders.domain.order import Listing
from tests.unit.orders.making import LIMITS, listing, ticket


def codes(at: Listing | None = None, **fields: Any) -> list[str]:
    """The codes of everything that refuses the ticket."""
    at = at or listing()
    try:
        draft, _ = checks.draft(ticket(**fields), at)
    except DomainError as error:
        return [error.code]
    return [error.code for error in checks.refusals(draft, at, LIMITS)]


def test_a_sound_limit_order_is_admitted() -> None:
    assert codes() == []


def test_an_order_before_the_open_is_admitted() -> None:
    assert codes(listing(status="pre_open")) == []


@pytest.mark.parametrize(("status", "code"), [("halted", "halted"), ("closed", "market_closed")])
def test_an_order_in_a_market_that_does_not_trade_is_refused(status: str, code: str) -> None:
    assert codes(listing(status=status)) == [code]


def test_a_limit_order_off_tick_is_refused() -> None:
    assert codes(listing(tick=5), limit_price="200.03") == ["off_tick"]


def test_a_price_with_more_decimals_than_the_instrument_is_off_tick() -> None:
    assert codes(limit_price="200.001") == ["off_tick"]


def test_a_quantity_that_is_no_multiple_of_the_lot_is_refused() -> None:
    assert codes(listing(lot=10), quantity="15") == ["off_lot"]


def test_half_a_share_is_off_lot() -> None:
    assert codes(quantity="0.5") == ["off_lot"]


@pytest.mark.parametrize("quantity", ["0", "-1"])
def test_a_quantity_of_nothing_is_refused(quantity: str) -> None:
    assert codes(quantity=quantity) == ["invalid_quantity"]


@pytest.mark.parametrize("price", ["179.99", "220.01", "0", "-5"])
def test_a_price_outside_the_band_is_refused(price: str) -> None:
    assert codes(limit_price=price) == ["outside_band"]


@pytest.mark.parametrize("price", ["180.00", "220.00"])
def test_the_edges_of_the_band_are_admitted(price: str) -> None:
    assert codes(limit_price=price) == []


def test_a_stop_price_outside_the_band_is_refused() -> None:
    assert codes(type="stop", limit_price=None, stop_price="230") == ["outside_band"]


def test_an_order_worth_more_than_the_limit_is_refused() -> None:
    assert codes(quantity="5001") == ["notional_limit"]


def test_a_market_order_is_held_against_the_notional_limit_at_the_reference_price() -> None:
    assert codes(type="market", limit_price=None, quantity="5001") == ["notional_limit"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"limit_price": None}, "price_required"),
        ({"type": "stop", "limit_price": None}, "price_required"),
        ({"type": "stop_limit"}, "price_required"),
        ({"type": "market"}, "price_not_allowed"),
        ({"stop_price": "210"}, "price_not_allowed"),
        ({"type": "stop", "stop_price": "210"}, "price_not_allowed"),
    ],
)
def test_each_type_has_its_own_prices(fields: dict[str, Any], code: str) -> None:
    assert codes(**fields) == [code]


def test_without_a_reference_price_nothing_is_admitted() -> None:
    assert codes(listing(reference=None)) == ["no_reference_price"]


def test_everything_that_refuses_is_told_at_once() -> None:
    assert codes(listing(status="closed", lot=7), limit_price="300") == ["market_closed", "off_lot", "outside_band"]


def test_the_worst_price_of_a_market_buy_is_the_upper_band() -> None:
    _, terms = checks.draft(ticket(type="market", limit_price=None), listing())
    assert terms.worst_price == 22_000


def test_the_worst_price_of_a_market_sell_is_the_lower_band() -> None:
    _, terms = checks.draft(ticket(type="market", limit_price=None, side="sell"), listing())
    assert terms.worst_price == 18_000
