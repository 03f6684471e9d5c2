"""Trades that were taken back, as the audit holds them against the venue's record."""

from typing import Any

import pytest

from tradectl.audit import booking, trading
from tradectl.audit.snapshot import Row, Snapshot

ORDER = {"order_id": "o1", "account_id": "ann", "currency": "USD", "price_scale": 2, "quantity_scale": 0}
TRADE: Row = {
    "number": 2,
    "exec_id": "E2",
    "kind": "trade",
    "sender": "ORDERS",
    "cl_ord_id": "o1-1",
    "account": "ann",
    "symbol": "AAPL",
    "side": "buy",
    "last_price": 20_000,
    "last_quantity": 10,
    "value": 200_000,
    "cost": 200_000,
    "fee": 20,
    "liquidity": "taker",
    "time": 7,
    "exec_ref": "",
}
BUST = TRADE | {"number": 3, "exec_id": "E3", "kind": "busted", "value": 0, "exec_ref": "E2", "time": 8}
CORRECTION = TRADE | {
    "number": 3,
    "exec_id": "E3",
    "kind": "corrected",
    "last_price": 19_000,
    "value": 190_000,
    "cost": 190_000,
    "fee": 19,
    "exec_ref": "E2",
    "time": 8,
}


def fill(fill_id: str, **facts: Any) -> Row:
    terms: dict[str, Any] = {"order_id": "o1", "account_id": "ann", "symbol": "AAPL", "currency": "USD", "side": "buy"}
    terms |= {"price": 20_000, "quantity": 10, "cost": 200_000, "fee": 20, "liquidity": "taker", "time": 7}
    return {"fill_id": fill_id, **terms, "reverses": None, **facts}


BACK: dict[str, Any] = {"quantity": -10, "cost": -200_000, "fee": -20, "time": 8, "reverses": "E2"}


def of(execution: Row, *fills: Row) -> Snapshot:
    return Snapshot(tables={"orders": {"orders": [ORDER], "fills": list(fills)}}, executions=[TRADE, execution])


def test_a_bust_is_a_fill_that_takes_the_trade_back() -> None:
    snapshot = of(BUST, fill("E2"), fill("E3", **BACK))
    assert not list(trading.fills_are_the_venues(snapshot))


def test_a_correction_is_two_fills() -> None:
    again = {"price": 19_000, "cost": 190_000, "fee": 19, "time": 8}
    snapshot = of(CORRECTION, fill("E2"), fill("E3:back", **BACK), fill("E3", **again))
    assert not list(trading.fills_are_the_venues(snapshot))


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"cost": -199_999}, "cost"),
        ({"fee": 20}, "fee"),
        ({"reverses": "E1"}, "reverses"),
        ({"quantity": 10}, "quantity"),
    ],
)
def test_a_bust_that_was_booked_otherwise_is_named(changed: dict[str, Any], where: str) -> None:
    (difference,) = trading.fills_are_the_venues(of(BUST, fill("E2"), fill("E3", **(BACK | changed))))
    assert difference.where == f"orders.fills.{where}"


def test_a_bust_that_was_not_booked_is_named() -> None:
    (difference,) = trading.fills_are_the_venues(of(BUST, fill("E2")))
    assert (difference.where, difference.found) == ("orders.fills", "no row")


def test_who_used_what_was_taken_back_may_owe_it() -> None:
    balances = [{"account_id": "ann", "asset": asset, "total": -1} for asset in ("AAPL", "USD", "IBM")]
    snapshot = Snapshot(tables={"orders": {"balances": balances, "fills": [fill("E3", **BACK)]}})
    assert [difference.key for difference in trading.nobody_owes(snapshot)] == ["ann IBM"]


def test_the_ledger_takes_a_trade_back_from_where_it_went() -> None:
    trade = fill("E3", **BACK)
    lines = booking.entries(Snapshot(tables={"portfolio": {"trades": [trade]}}))
    assert {kind: (line["debit"], line["credit"], line["amount"]) for (_, kind), line in lines.items()} == {
        "trade": ("cash", "trading", 200_000),
        "shares": ("street", "position", 10),
        "fee": ("cash", "fees", 20),
    }
