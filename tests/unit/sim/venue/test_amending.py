"""Trades that are busted or corrected afterwards."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from services.contracts import money
from sim.venue.live import Order
from sim.venue.orders import Amend, Execution
from tests.unit.sim.venue.floor import REFERENCE, SHARE, Pit


def amended(pit: Pit, *trades: Execution, quantity: int = 0, price: int = 0) -> list[Execution]:
    pit.desk.apply(Amend(trades=trades, reason="by_hand", quantity=quantity, price=price))
    return pit.reports()


def filled(pit: Pit, quantity: int = 10) -> Execution:
    """A buy that met the feed."""
    pit.feed(asks={REFERENCE: quantity})
    pit.buy(quantity, REFERENCE, name="bought")
    return next(each for each in pit.reports() if each.kind == "trade")


def test_a_busted_fill_leaves_a_filled_order_cancelled_and_on_the_market_no_more() -> None:
    pit = Pit()
    trade = filled(pit)
    (bust,) = amended(pit, trade)
    assert (bust.kind, bust.exec_ref, bust.reason) == ("busted", trade.exec_id, "by_hand")
    assert (bust.last_quantity, bust.last_price, bust.cost, bust.fee) == (10, REFERENCE, trade.cost, trade.fee)
    assert (bust.status, bust.filled, bust.value, bust.leaves) == ("cancelled", 0, 0, 0)
    assert REFERENCE not in pit.market.bids.sizes


def test_an_open_order_gets_back_what_was_busted_behind_those_who_stand_there() -> None:
    """FIX 4.4, J.1.c: CumQty falls, LeavesQty rises."""
    pit = Pit()
    pit.buy(30, 9_900, name="first")
    pit.sell(10, 9_900, account="bob")
    trade = next(each for each in pit.reports() if each.cl_ord_id == "first" and each.kind == "trade")
    pit.buy(5, 9_900, name="second", account="carol")
    pit.reports()
    (bust,) = amended(pit, trade)
    assert (bust.status, bust.quantity, bust.filled, bust.leaves) == ("new", 30, 0, 30)
    assert pit.market.bids.sizes[9_900] == 35
    pit.sell(5, 9_900, account="bob")
    assert [name for name, *_ in pit.fills() if name in {"first", "second"}] == ["second"]


def test_a_cancelled_order_stays_cancelled() -> None:
    """FIX 4.4, J.1.b."""
    pit = Pit()
    pit.feed(asks={REFERENCE: 4})
    name = pit.buy(10, REFERENCE)
    trade = next(each for each in pit.reports() if each.kind == "trade")
    pit.cancel(name)
    pit.reports()
    (bust,) = amended(pit, trade)
    assert (bust.status, bust.filled, bust.leaves, bust.cl_ord_id) == ("cancelled", 0, 0, "x1")


def test_another_price_leaves_a_filled_order_filled() -> None:
    pit = Pit()
    trade = filled(pit)
    (corrected,) = amended(pit, trade, quantity=10, price=9_990)
    assert (corrected.kind, corrected.status, corrected.exec_ref) == ("corrected", "filled", trade.exec_id)
    assert (corrected.value, corrected.cost, corrected.last_price) == (99_900, 99_900, 9_990)
    assert corrected.fee == -(-99_900 * SHARE.taker_fee_ppm // money.PPM)


def test_a_smaller_quantity_leaves_a_filled_order_cancelled() -> None:
    pit = Pit()
    (corrected,) = amended(pit, filled(pit), quantity=6, price=REFERENCE)
    assert (corrected.status, corrected.filled, corrected.last_quantity) == ("cancelled", 6, 6)


def test_a_correction_can_be_busted_in_its_turn() -> None:
    pit = Pit()
    (corrected,) = amended(pit, filled(pit), quantity=10, price=9_990)
    (bust,) = amended(pit, corrected)
    assert (bust.exec_ref, bust.filled, bust.value) == (corrected.exec_id, 0, 0)


def test_a_trade_is_taken_back_once() -> None:
    pit = Pit()
    trade = filled(pit)
    assert len(amended(pit, trade)) == 1
    assert amended(pit, trade) == []


def test_both_sides_of_a_trade_between_two_orders_are_busted() -> None:
    pit = Pit()
    pit.sell(10, REFERENCE, account="bob")
    pit.buy(10, REFERENCE)
    trades = [each for each in pit.reports() if each.kind == "trade"]
    busts = amended(pit, *trades)
    assert [(each.side, each.filled) for each in busts] == [("sell", 0), ("buy", 0)]
    assert [each.liquidity for each in busts] == ["maker", "taker"]


def test_an_order_that_has_left_memory_is_corrected_beside_the_archive() -> None:
    pit = Pit()
    trade = filled(pit)
    archive = {key: msgspec.convert(msgspec.to_builtins(order), Order) for key, order in pit.desk.names.items()}
    pit.desk.names.clear()
    pit.desk.archived = lambda sender, name: archive.get((sender, name))
    amended(pit, trade)
    assert (pit.status("bought").status, pit.status("bought").filled) == ("cancelled", 0)
    assert set(pit.desk.corrected) == {trade.order_id}


fills = st.lists(st.tuples(st.integers(1, 50), st.integers(9_000, 10_000)), min_size=1, max_size=8)


@given(fills, st.lists(st.integers(0, 7)), st.integers(1, 50))
def test_totals_are_those_of_the_fills_that_are_left(
    made: list[tuple[int, int]], busted: list[int], corrected: int
) -> None:
    pit = Pit()
    pit.feed(asks={price: quantity for quantity, price in made})
    pit.buy(1_000, 11_000, name="bought")
    trades = [each for each in pit.reports() if each.kind == "trade"]
    standing = {each.exec_id: each for each in trades}
    for place in busted:
        trade = trades[place % len(trades)]
        if trade.exec_id in standing:
            amended(pit, standing.pop(trade.exec_id))
    for trade in [each for each in standing.values() if each.last_quantity > corrected]:
        (again,) = amended(pit, standing.pop(trade.exec_id), quantity=corrected, price=trade.last_price)
        standing[again.exec_id] = again
    order = pit.desk.names["ORDERS", "bought"]
    value = sum(each.last_quantity * each.last_price for each in standing.values())
    assert (order.filled, order.value) == (sum(each.last_quantity for each in standing.values()), value)
    assert order.cost == money.cost(value, SHARE.value_scale, SHARE.currency)
    assert order.fee == sum(each.fee for each in standing.values())
    assert pit.market.bids.sizes[11_000] == order.leaves
