"""Amounts are exact: what is read is written back, and the parts of an order add up to the whole."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts import money

scales = st.integers(min_value=0, max_value=8)
amounts = st.integers(min_value=-(10**17), max_value=10**17)


@given(amounts, scales)
def test_what_is_written_is_read_back(amount: int, scale: int) -> None:
    assert money.parse(money.text(amount, scale), scale) == amount


@pytest.mark.parametrize("text", ["", "1e3", "1,5", " 1", "1.", ".5", "NaN", "Infinity", "٣", "1_000", "--1", "9" * 40])
def test_what_is_not_a_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a decimal number"):
        money.parse(text, 2)


def test_more_decimals_than_the_scale_are_refused_unless_they_are_zero() -> None:
    assert money.parse("61837.63000000", 2) == 6183763
    with pytest.raises(ValueError, match="more than 2 decimals"):
        money.parse("1.001", 2)


@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(1, 10**9)), min_size=1, max_size=20), scales)
def test_costs_of_fills_add_up_to_the_cost_of_the_order(fills: list[tuple[int, int]], scale: int) -> None:
    running = [0]
    for price, quantity in fills:
        running.append(running[-1] + price * quantity)
    costs = [money.cost(after, scale, "USD") - money.cost(before, scale, "USD") for before, after in pairwise(running)]
    assert sum(costs) == money.cost(running[-1], scale, "USD")
    assert min(costs) >= 0


@given(st.integers(0, 10**18), scales, st.sampled_from(sorted(money.CURRENCY_SCALES)))
def test_what_is_reserved_covers_what_it_costs(value: int, scale: int, currency: str) -> None:
    assert money.cost_up(value, scale, currency) >= money.cost(value, scale, currency)


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 10_000))
def test_a_fee_never_falls_when_the_cost_rises(cost: int, more: int, rate: int) -> None:
    assert money.fee(cost + more, rate) >= money.fee(cost, rate) >= 0


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(1, 3, "33.33"), (-2, 3, "-66.67"), (0, 1, "0.00"), (-1, 10**6, "0.00"), (7, 2, "350.00")],
)
def test_per_cents_are_rounded_half_away_from_zero(part: int, whole: int, text: str) -> None:
    assert money.percent(part, whole) == text
