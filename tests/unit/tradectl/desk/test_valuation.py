"""What is held at the last prices."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tradectl.desk import valuation
from tradectl.desk.account import Cash, Portfolio, Position


def position(symbol: str = "AAPL", currency: str = "USD", **amounts: Any) -> Position:
    """Ten shares for 2,000."""
    given = {"quantity": 10, "reserved": 0, "cost": 2000, "average_cost": 200, "realised": 5, "realised_fifo": 5}
    quoted = {"market_value": 2100, "unrealised": 100, "day_change": 0}
    decimals = {name: Decimal(value) for name, value in (given | quoted | amounts).items()}
    return Position(symbol=symbol, currency=currency, **decimals)


def cash(currency: str = "USD") -> Cash:
    return Cash(currency, Decimal(1000), Decimal(0), Decimal(1000))


def test_a_position_is_worth_its_quantity_at_the_last_price() -> None:
    found = valuation.valued(position(), Decimal("190.5"))
    assert (found.value, found.profit, found.part) == (Decimal(1905), Decimal(-95), Decimal("-0.0475"))


def test_without_a_price_the_platforms_own_sums_stand() -> None:
    found = valuation.valued(position(), None)
    assert (found.value, found.profit) == (Decimal(2100), Decimal(100))


def test_what_is_not_held_any_more_is_no_position_but_its_profit_counts() -> None:
    gone = position("IBM", quantity=0, cost=0, realised=-7)
    portfolio = Portfolio([cash()], [position(), gone])
    shown = valuation.all_valued(portfolio, {})
    assert [each.position.symbol for each in shown] == ["AAPL"]
    assert valuation.sums(portfolio, shown)[0].realised == Decimal(-2)


def test_the_worthiest_position_comes_first() -> None:
    portfolio = Portfolio([cash()], [position(), position("IBM")])
    shown = valuation.all_valued(portfolio, {"AAPL": Decimal(1), "IBM": Decimal(2)})
    assert [each.position.symbol for each in shown] == ["IBM", "AAPL"]


@given(st.dictionaries(st.sampled_from(["AAPL", "IBM", "BTCUSDT"]), st.decimals(0, 10**6, places=2)))
def test_equity_is_cash_and_what_is_held_in_its_currency(last: dict[str, Decimal]) -> None:
    held = [position(), position("IBM"), position("BTCUSDT", "USDT")]
    portfolio = Portfolio([cash(), cash("USDT")], held)
    found = {each.cash.currency: each for each in valuation.sums(portfolio, valuation.all_valued(portfolio, last))}
    worth = {each.symbol: last[each.symbol] * 10 if each.symbol in last else Decimal(2100) for each in held}
    assert found["USD"].equity == 1000 + worth["AAPL"] + worth["IBM"]
    assert found["USDT"].equity == 1000 + worth["BTCUSDT"]
