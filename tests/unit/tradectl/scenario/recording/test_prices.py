"""A price as it stood to the market."""

from typing import Any

import pytest

from tradectl.scenario.recording.prices import relative

QUOTE = {"bid": "200.00", "ask": "200.10"}


@pytest.mark.parametrize(
    ("price", "said"),
    [
        ("200.00", "bid"),
        ("200.10", "ask"),
        ("190.00", "bid - 5%"),
        ("199.50", "bid - 0.25%"),
        ("210.105", "ask + 5%"),
        ("200.05", "ask - 0.02%"),
    ],
)
def test_at_or_below_the_bid_it_goes_by_the_bid_else_by_the_ask(price: str, said: str) -> None:
    assert relative(price, QUOTE) == said


@pytest.mark.parametrize("quote", [None, {}, {"bid": None, "ask": "1"}, {"bid": "0", "ask": "0"}])
def test_without_a_quote_it_stays_as_it_is(quote: dict[str, Any] | None) -> None:
    assert relative("1.00", quote) == "1.00"
