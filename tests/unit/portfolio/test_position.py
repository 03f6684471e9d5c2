"""Whatever is traded, cash, cost and profit add up, and lots hold what the position holds."""

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.orders import Fill
from services.portfolio.domain.position import (
    Lot,
    Position,
    book_lots,
    cash_change,
    share_of,
    shift,
    signed_quantity,
)
from tests.unit.portfolio.making import fill, fills

START = Position("account", "AAPL", "USD", 0)


def booked(trades: list[Fill]) -> tuple[Position, deque[Lot], int]:
    """Position, lots and FIFO profit after all of them."""
    position, lots, profit = START, deque[Lot](), 0
    for one in trades:
        position = shift(position, signed_quantity(one), cash_change(one))
        profit += book_lots(lots, one.fill_id, one.time, signed_quantity(one), cash_change(one))[1]
    return position, lots, profit


@given(fills)
def test_cash_changes_by_profit_less_cost(trades: list[Fill]) -> None:
    position, _, _ = booked(trades)
    cash = sum(cash_change(one) for one in trades)
    assert cash == position.realised - position.cost
    assert position.quantity == sum(signed_quantity(one) for one in trades)
    assert position.quantity or not position.cost


@given(fills)
def test_lots_hold_the_position_and_its_profit_by_fifo(trades: list[Fill]) -> None:
    position, lots, profit = booked(trades)
    assert sum(lot.quantity for lot in lots) == position.quantity
    assert sum(cash_change(one) for one in trades) == profit - sum(lot.cost for lot in lots)
    assert len({lot.quantity > 0 for lot in lots}) <= 1
    assert all(lot.quantity for lot in lots)


@given(fills)
def test_what_a_fill_changes_are_the_lots_that_differ_afterwards(trades: list[Fill]) -> None:
    lots = deque[Lot]()
    for one in trades:
        before = {lot.lot_id: lot for lot in lots}
        changed, _ = book_lots(lots, one.fill_id, one.time, signed_quantity(one), cash_change(one))
        after = {lot.lot_id: lot for lot in lots}
        differ = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        assert {lot.lot_id for lot in changed} == differ
        assert all(after.get(lot.lot_id, lot) == lot for lot in changed)
        assert all(not lot.quantity for lot in changed if lot.lot_id not in after)


def test_a_sale_realises_against_the_average_and_against_the_oldest_lot() -> None:
    bought = [fill("buy", 10, 1000_00, 0, 1), fill("buy", 10, 1200_00, 0, 2)]
    position, lots, fifo = booked([*bought, fill("sell", 10, 1300_00, 0, 3)])
    assert (position.realised, position.cost) == (200_00, 1100_00)
    assert fifo == 300_00
    assert [(lot.lot_id, lot.quantity) for lot in lots] == [("E-2", 10)]


def test_what_crosses_zero_closes_first_and_opens_the_other_way() -> None:
    position, lots, fifo = booked([fill("buy", 10, 1000_00, 0, 1), fill("sell", 15, 1800_00, 0, 2)])
    assert (position.quantity, position.realised, position.cost) == (-5, 200_00, -600_00)
    assert (fifo, list(lots)) == (200_00, [Lot("E-2", 2, -5, -600_00)])


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_the_whole_part_is_the_whole_amount(amount: int, whole: int) -> None:
    assert share_of(amount, whole, whole) == amount


@given(st.integers(0, 10**12), st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_part_is_never_more_than_half_a_unit_off_and_the_same_with_either_sign(
    amount: int, part: int, whole: int
) -> None:
    share = share_of(amount, part, whole)
    assert abs(2 * whole * share - 2 * amount * part) <= whole
    assert share_of(-amount, part, whole) == -share
