"""Every movement has two legs."""

from hypothesis import given

from services.contracts.orders import Fill
from services.portfolio.domain.ledger import legs, movement_of_deposit, movement_of_withdrawal, movements_of
from services.portfolio.domain.position import cash_change, signed_quantity
from tests.unit.portfolio.making import fill, fills


@given(fills)
def test_every_asset_sums_to_zero_over_the_books(trades: list[Fill]) -> None:
    sums = legs([movement for one in trades for movement in movements_of(one)])
    for asset in ("USD", "AAPL"):
        assert sum(amount for (_, held), amount in sums.items() if held == asset) == 0
    assert sums.get(("cash", "USD"), 0) == sum(cash_change(one) for one in trades)
    assert sums.get(("position", "AAPL"), 0) == sum(signed_quantity(one) for one in trades)


def test_each_movement_is_named_by_its_cause_and_kind() -> None:
    movements = movements_of(fill("buy", 10, 1000, 5))
    assert [(each.cause, each.kind) for each in movements] == [
        ("fill:E-1", "trade"),
        ("fill:E-1", "shares"),
        ("fill:E-1", "fee"),
    ]


def test_no_fee_is_no_movement() -> None:
    assert len(movements_of(fill("sell", 10, 1000, 0))) == 2


def test_deposits_come_from_outside() -> None:
    cash = movement_of_deposit("account", "d1", "USD", 500, 7, cash=True)
    shares = movement_of_deposit("account", "d2", "AAPL", 5, 7, cash=False)
    assert (cash.debit, cash.credit, cash.amount) == ("cash", "outside", 500)
    assert (shares.debit, shares.credit, shares.amount) == ("position", "outside", 5)


def test_withdrawals_go_outside() -> None:
    paid = movement_of_withdrawal("account", "w1", "USD", 500, 7)
    assert (paid.cause, paid.kind) == ("withdrawal:w1", "withdrawal")
    assert legs([paid]) == {("outside", "USD"): 500, ("cash", "USD"): -500}
