"""Whatever is traded, cash, cost and profit add up, and lots hold what the position holds."""

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.orders import Fill
from services.portfolio.domain.ledger import legs, movements_of
from services.portfolio.domain.position import (
    Lot,
    Position,
    book_fill,
    book_lots,
    cash_change,
    share_of,
    signed_quantity,
)

START = Position("account", "AAPL", "USD", 0)


def fill(side: str, quantity: int, cost: int, fee: int, number: int = 1) -> Fill:
    return Fill(
        fill_id=f"E-{number}",
        order_id="order",
        account_id="account",
        symbol="AAPL",
        currency="USD",
        price_scale=2,
        quantity_scale=0,
        side="buy" if side == "buy" else "sell",
        price=max(cost // quantity, 1),
        quantity=quantity,
        cost=cost,
        fee=fee,
        liquidity="taker",
        time=number,
    )


fills = st.lists(
    st.tuples(st.sampled_from(["buy", "sell"]), st.integers(1, 10**6), st.integers(1, 10**10), st.integers(0, 10**6)),
    max_size=30,
).map(lambda rows: [fill(*row, number=number) for number, row in enumerate(rows, 1)])


@given(fills)
def test_cash_changes_by_profit_less_cost(trades: list[Fill]) -> None:
    position = START
    for one in trades:
        position = book_fill(position, one)
    cash = sum(cash_change(one) for one in trades)
    assert cash == position.realised - position.cost
    assert position.quantity == sum(signed_quantity(one) for one in trades)
    assert position.quantity or not position.cost


@given(fills)
def test_lots_hold_the_position_and_its_profit_by_fifo(trades: list[Fill]) -> None:
    lots: list[Lot] = []
    profit = 0
    for one in trades:
        lots, gained = book_lots([lot for lot in lots if lot.quantity], one)
        profit += gained
    assert sum(lot.quantity for lot in lots) == sum(signed_quantity(one) for one in trades)
    assert sum(cash_change(one) for one in trades) == profit - sum(lot.cost for lot in lots)


@given(fills)
def test_every_asset_sums_to_zero_over_the_books(trades: list[Fill]) -> None:
    sums = legs([movement for one in trades for movement in movements_of(one)])
    for asset in ("USD", "AAPL"):
        assert sum(amount for (_, held), amount in sums.items() if held == asset) == 0
    assert sums.get(("cash", "USD"), 0) == sum(cash_change(one) for one in trades)
    assert sums.get(("position", "AAPL"), 0) == sum(signed_quantity(one) for one in trades)


def test_a_sale_realises_against_the_average_and_against_the_oldest_lot() -> None:
    bought = [fill("buy", 10, 1000_00, 0, 1), fill("buy", 10, 1200_00, 0, 2)]
    sold = fill("sell", 10, 1300_00, 0, 3)
    position, lots = START, list[Lot]()
    for one in bought:
        position = book_fill(position, one)
        lots, _ = book_lots(lots, one)
    lots, fifo = book_lots(lots, sold)
    position = book_fill(position, sold)
    assert position.realised == 200_00
    assert position.cost == 1100_00
    assert fifo == 300_00
    assert [lot.quantity for lot in lots] == [0, 10]


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_the_whole_part_is_the_whole_amount(amount: int, whole: int) -> None:
    assert share_of(amount, whole, whole) == amount
