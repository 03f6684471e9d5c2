"""The arithmetic that smoke holds the portfolio against."""

from decimal import Decimal
from typing import Any

import pytest

from tradectl.smoke import books
from tradectl.trader.failures import Failed

BUY = {"symbol": "AAPL", "side": "buy", "quantity": "10", "cost": "2100.00", "fee": "1.05", "currency": "USD"}
SELL = {"symbol": "AAPL", "side": "sell", "quantity": "4", "cost": "836.00", "fee": "0.42", "currency": "USD"}
DEPOSITS = {"USD": Decimal(10_000)}


def portfolio(usd: str, shares: str, reserved: str = "0.00") -> dict[str, Any]:
    return {
        "cash": [{"currency": "USD", "total": usd, "reserved": reserved}],
        "positions": [{"symbol": "AAPL", "quantity": shares}],
    }


def test_cash_is_deposits_less_purchases_plus_sales_less_fees() -> None:
    assert books.expected_cash(DEPOSITS, [BUY, SELL]) == {"USD": Decimal("8734.53")}


def test_positions_are_purchases_less_sales() -> None:
    assert books.expected_positions([BUY, SELL]) == {"AAPL": Decimal(6)}


def test_a_portfolio_that_agrees_is_described() -> None:
    assert books.check(portfolio("8734.53", "6"), DEPOSITS, [BUY, SELL]) == "8734.53 USD, 6 AAPL"


@pytest.mark.parametrize(
    "wrong", [portfolio("8734.54", "6"), portfolio("8734.53", "7"), portfolio("8734.53", "6", "1")]
)
def test_one_cent_one_share_or_a_reservation_too_many_is_noticed(wrong: dict[str, Any]) -> None:
    with pytest.raises(Failed):
        books.check(wrong, DEPOSITS, [BUY, SELL])
