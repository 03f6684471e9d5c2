from hypothesis import given
from hypothesis import strategies as st

from services.contracts.orders import Fill
from services.portfolio.domain.history import balances, change_of
from services.portfolio.domain.ledger import Movement, movement_of_deposit, movement_of_withdrawal, movements_of
from services.portfolio.domain.position import cash_change, signed_quantity
from services.portfolio.domain.statement import closing, entries

FILLS = st.builds(
    Fill,
    fill_id=st.just("E-1"),
    order_id=st.just("o"),
    account_id=st.just("ann"),
    symbol=st.sampled_from(["AAPL", "IBM"]),
    currency=st.just("USD"),
    price_scale=st.just(2),
    quantity_scale=st.just(0),
    side=st.sampled_from(["buy", "sell"]),
    price=st.just(1),
    quantity=st.integers(1, 100),
    cost=st.integers(1, 10**6),
    fee=st.integers(0, 1_000),
    liquidity=st.just("taker"),
    time=st.integers(0, 100),
)


def lines(movements: list[Movement]) -> list[dict[str, object]]:
    return [{name: getattr(each, name) for name in Movement.__struct_fields__} for each in movements]


@given(FILLS)
def test_a_fill_changes_cash_and_shares_as_it_was_booked_and_is_not_external(fill: Fill) -> None:
    changes = [change_of(line) for line in lines(movements_of(fill))]
    cash = sum(change.amount for change in changes if change.asset == "USD")
    shares = sum(change.amount for change in changes if change.asset == fill.symbol)
    assert (cash, shares) == (cash_change(fill), signed_quantity(fill))
    assert not any(change.external for change in changes)


def test_deposits_and_withdrawals_are_external() -> None:
    paid = movement_of_deposit("ann", "d", "USD", 500, 1, cash=True)
    shares = movement_of_deposit("ann", "e", "AAPL", 5, 1, cash=False)
    taken = movement_of_withdrawal("ann", "w", "USD", 200, 2)
    changes = [change_of(line) for line in lines([paid, shares, taken])]
    assert [(change.asset, change.amount, change.external) for change in changes] == [
        ("USD", 500, True),
        ("AAPL", 5, True),
        ("USD", -200, True),
    ]


@given(st.lists(FILLS, max_size=20), st.integers(0, 100))
def test_opening_balances_and_changes_make_the_closing_ones_wherever_it_is_cut(fills: list[Fill], cut: int) -> None:
    all_lines = lines([each for fill in fills for each in movements_of(fill)])
    before = balances(line for line in all_lines if int(str(line["time"])) < cut)
    changes = [change_of(line) for line in all_lines if int(str(line["time"])) >= cut]
    whole = balances(all_lines)
    assert {asset: amount for asset, amount in closing(before, changes).items() if amount} == {
        asset: amount for asset, amount in whole.items() if amount
    }
    last = {entry.change.asset: entry.balance for entry in entries(before, changes)}
    assert all(whole[asset] == balance for asset, balance in last.items())
