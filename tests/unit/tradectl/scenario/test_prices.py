"""Prices by the market are on tick and come from the side that is named."""

from collections.abc import Mapping
from typing import Any

import pytest

from tradectl.scenario.prices import is_market_price, price

TERMS = {
    "symbol": "LKOH",
    "tick": "0.50",
    "reference_price": "6584.50",
    "price_band": {"low": "5267.50", "high": "7901.00"},
}


def quote() -> Mapping[str, Any]:
    return {"bid": "6580.00", "ask": "6581.50", "last": None}


@pytest.mark.parametrize(
    ("text", "worked_out"),
    [
        ("bid", "6580.00"),
        ("ask + 3 ticks", "6583.00"),
        ("bid - 1 tick", "6579.50"),
        ("bid - 0.1%", "6573.00"),
        ("reference", "6584.50"),
        ("low", "5267.50"),
        ("high + 1 tick", "7901.50"),
        ("6000.00", "6000.00"),
    ],
)
def test_a_price_is_worked_out(text: str, worked_out: str) -> None:
    assert price(text, TERMS, quote) == worked_out


def test_what_nobody_quotes_is_an_error() -> None:
    with pytest.raises(ValueError, match="no last"):
        price("last", TERMS, quote)


@pytest.mark.parametrize("text", ["6000.00", "bidding", "bid * 2", "bid -"])
def test_other_texts_are_no_price_by_the_market(text: str) -> None:
    assert not is_market_price(text)
