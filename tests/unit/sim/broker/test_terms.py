"""Decimal text becomes integers in the instrument's scales, or a refusal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts import money
from sim.broker.refusals import RefusedError
from sim.broker.terms import LARGEST, average_price, check_limit, price_of, quantity_of
from tests.unit.sim.broker.examples import AAPL, BTCUSDT


@pytest.mark.parametrize(
    ("text", "value"), [("61837.63", 6_183_763), ("5", 500), ("5.", 500), (".5", 50), ("007.10", 710), ("1.2300", 123)]
)
def test_a_price_is_read_in_every_form_that_fix_allows(text: str, value: int) -> None:
    assert price_of(BTCUSDT, text) == value


@pytest.mark.parametrize("text", ["1.234", "-", "1e5", "NaN", "１", "1" * 19])
def test_a_price_that_the_scale_cannot_hold_is_off_tick(text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        price_of(BTCUSDT, text)
    assert refused.value.code == "off_tick"


def test_half_a_share_is_off_lot() -> None:
    with pytest.raises(RefusedError) as refused:
        quantity_of(AAPL, "1.5")
    assert refused.value.code == "off_lot"


def test_a_number_that_would_overflow_sums_is_over_the_limit() -> None:
    with pytest.raises(RefusedError) as refused:
        quantity_of(AAPL, str(LARGEST + 1))
    assert refused.value.code == "order_limit"


def test_the_limit_counts_whole_coins() -> None:
    check_limit(BTCUSDT, 300_000, 3)
    with pytest.raises(RefusedError):
        check_limit(BTCUSDT, 300_001, 3)


@given(st.integers(0, LARGEST))
def test_what_was_written_is_read_back(quantity: int) -> None:
    assert quantity_of(BTCUSDT, money.text(quantity, BTCUSDT.quantity_scale)) == quantity


def test_the_average_price_is_rounded_half_up_to_four_more_decimals() -> None:
    assert average_price(AAPL, 3 * 10_001 + 4 * 10_002, 7) == "100.015714"
    assert average_price(AAPL, 0, 0) == "0"
