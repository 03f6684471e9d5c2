"""What the trader's cash and positions must be, computed from the deposits and the fills alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from tradectl.smoke.steps import expect

Fill = Mapping[str, Any]


def expected_cash(deposits: Mapping[str, Decimal], fills: Iterable[Fill]) -> dict[str, Decimal]:
    """By currency: deposits less what was bought, plus what was sold, less every fee."""
    cash = defaultdict(Decimal, deposits)
    for fill in fills:
        cost, fee = Decimal(fill["cost"]), Decimal(fill["fee"])
        cash[fill["currency"]] += (-cost if fill["side"] == "buy" else cost) - fee
    return dict(cash)


def expected_positions(fills: Iterable[Fill]) -> dict[str, Decimal]:
    """By symbol: bought less sold."""
    held: dict[str, Decimal] = defaultdict(Decimal)
    for fill in fills:
        quantity = Decimal(fill["quantity"])
        held[fill["symbol"]] += quantity if fill["side"] == "buy" else -quantity
    return dict(held)


def held_cash(portfolio: Mapping[str, Any]) -> dict[str, Decimal]:
    """By currency, as the portfolio says."""
    return {row["currency"]: Decimal(row["total"]) for row in portfolio["cash"]}


def held_positions(portfolio: Mapping[str, Any]) -> dict[str, Decimal]:
    """By symbol, as the portfolio says."""
    return {row["symbol"]: Decimal(row["quantity"]) for row in portfolio["positions"]}


def check(portfolio: Mapping[str, Any], deposits: Mapping[str, Decimal], fills: Sequence[Fill]) -> str:
    """Failed unless the portfolio holds exactly that and reserves nothing; says what it holds."""
    cash, positions = held_cash(portfolio), held_positions(portfolio)
    for currency, amount in expected_cash(deposits, fills).items():
        expect(cash.get(currency) == amount, f"{currency}: {cash.get(currency)} instead of {amount}")
    for symbol, quantity in expected_positions(fills).items():
        found = positions.get(symbol, Decimal(0))
        expect(found == quantity, f"{symbol}: {found} instead of {quantity}")
    reserved = [row for row in portfolio["cash"] if Decimal(row["reserved"])]
    expect(not reserved, f"still reserved: {reserved}")
    held = [f"{amount} {currency}" for currency, amount in cash.items()]
    return ", ".join(held + [f"{quantity} {symbol}" for symbol, quantity in positions.items() if quantity])
