"""Auctions at the venue: what they collect, how they end, what they leave."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.venue.book import Resting
from sim.venue.orders import Amend
from tests.unit.sim.venue.floor import REFERENCE, Pit


@pytest.fixture
def pit() -> Pit:
    made = Pit()
    made.market.tape.status = "pre_open"
    return made


def begin(pit: Pit) -> None:
    """The auction ends and the session begins."""
    pit.market.end_call(last=False)
    pit.market.tape.turn("open")


def test_nothing_trades_until_the_auction_ends_and_then_all_at_one_price(pit: Pit) -> None:
    pit.buy(10, 10_050, account="bob", name="bob")
    pit.buy(5, 10_020, account="eve", name="eve")
    pit.sell(12, 9_990, name="mine")
    assert pit.fills() == []
    begin(pit)
    assert pit.fills() == [
        ("bob", 10, 10_020, "taker"),
        ("mine", 10, 10_020, "taker"),
        ("eve", 2, 10_020, "taker"),
        ("mine", 2, 10_020, "taker"),
    ]
    assert pit.market.bids.sizes == {10_020: 3}


def test_at_one_price_who_came_first_trades_first(pit: Pit) -> None:
    for name in ("bob", "eve", "joe"):
        pit.buy(10, REFERENCE, account=name, name=name)
    pit.sell(15, REFERENCE, name="mine")
    begin(pit)
    assert [fill[:2] for fill in pit.fills() if fill[0] != "mine"] == [("bob", 10), ("eve", 5)]
    assert pit.market.bids.sizes == {REFERENCE: 15}


def test_orders_of_earlier_days_take_part_and_are_its_makers(pit: Pit) -> None:
    pit.market.tape.status = "open"
    pit.buy(10, REFERENCE, tif="gtc", account="bob", name="bob")
    pit.market.tape.status = "pre_open"
    pit.sell(4, 9_990, name="mine")
    begin(pit)
    assert pit.fills() == [("bob", 4, REFERENCE, "maker"), ("mine", 4, REFERENCE, "taker")]
    assert pit.market.bids.sizes == {REFERENCE: 6}


def test_what_an_iceberg_hides_takes_part_too(pit: Pit) -> None:
    pit.market.tape.status = "open"
    pit.buy(30, REFERENCE, tif="gtc", account="bob", name="bob", display=10)
    pit.market.tape.status = "pre_open"
    pit.sell(25, REFERENCE, name="mine")
    begin(pit)
    assert sum(fill[1] for fill in pit.fills() if fill[0] == "bob") == 25
    assert pit.market.bids.sizes == {REFERENCE: 5}


def test_the_book_as_it_stood_at_the_close_takes_part_in_the_last_auction(pit: Pit) -> None:
    pit.market.tape.status = "open"
    pit.feed(bids={9_990: 5, 9_980: 50}, asks={10_010: 5})
    pit.market.tape.status = "pre_close"
    pit.sell(20, name="mine")
    pit.market.end_call(last=True)
    fills = pit.fills()
    assert ({fill[2] for fill in fills}, sum(fill[1] for fill in fills)) == ({9_980}, 20)


def test_an_order_at_market_that_found_nobody_waits_for_the_first_price_of_the_session(pit: Pit) -> None:
    pit.buy(10, name="mine")
    begin(pit)
    pit.market.carry_on()
    assert pit.said() == [("new", "")]
    pit.feed(asks={10_010: 30})
    pit.market.carry_on()
    assert pit.said() == [("trade", "10@10010")]


def test_after_the_last_auction_such_an_order_ends(pit: Pit) -> None:
    pit.market.tape.status = "pre_close"
    pit.buy(10)
    pit.market.end_call(last=True)
    assert pit.said() == [("new", ""), ("cancelled", "no_liquidity")]


@pytest.mark.parametrize("tif", ["ioc", "fok"])
def test_an_order_that_cannot_wait_is_refused(pit: Pit, tif: str) -> None:
    pit.buy(10, REFERENCE, tif=tif)
    assert pit.said() == [("rejected", "pre_open")]


def test_an_order_that_could_meet_its_own_accounts_is_not_taken(pit: Pit) -> None:
    pit.buy(10, 10_010)
    pit.sell(10, 10_010)
    assert pit.said()[-1] == ("cancelled", "self_trade")
    pit.sell(10, 10_011)
    assert pit.said() == [("new", "")]


def test_an_order_is_cancelled_and_replaced_while_it_waits(pit: Pit) -> None:
    gone, first = pit.buy(10, 10_010), pit.buy(10, 10_000, account="bob")
    pit.buy(10, 10_000, account="eve", name="eve")
    pit.cancel(gone)
    pit.replace(first, quantity=6)
    pit.sell(6, 9_990, name="mine")
    begin(pit)
    assert [fill[1] for fill in pit.fills() if fill[0] != "mine"] == [6], "less of the same keeps its place"


def test_an_order_at_market_gets_other_terms_while_it_waits(pit: Pit) -> None:
    name = pit.buy(10)
    pit.replace(name, quantity=4)
    pit.sell(10, 9_990, account="bob")
    begin(pit)
    assert sum(fill[1] for fill in pit.fills()) == 8


def test_a_stop_waits_for_the_session(pit: Pit) -> None:
    pit.market.tape.last = 10_000
    pit.buy(10, type="stop", stop_price=9_990)
    assert pit.said() == [("new", "")]
    assert [order.waits_for_stop for order in pit.market.stops] == [True]


def test_a_stop_that_the_auctions_price_reached_waits_for_the_first_price_of_the_session_too(pit: Pit) -> None:
    pit.buy(10, type="stop", stop_price=10_010, name="stop")
    pit.buy(5, 10_020, account="bob")
    pit.sell(5, 10_020, account="eve")
    begin(pit)
    pit.market.printed(9_990, 1, buy=False)
    pit.market.carry_on()
    assert [fill for fill in pit.fills() if fill[0] == "stop"] == []
    pit.feed(asks={10_015: 30})
    pit.market.carry_on()
    assert pit.said() == [("trade", "10@10015")]


def test_a_fill_that_is_taken_back_from_an_order_that_waits_leaves_it_where_it_is(pit: Pit) -> None:
    pit.market.tape.status = "open"
    name = pit.buy(10, REFERENCE)
    pit.sell(4, REFERENCE, account="bob")
    trade = next(each for each in pit.reports() if each.cl_ord_id == name and each.kind == "trade")
    pit.market.tape.status = "pre_close"
    pit.replace(name, quantity=10, limit_price=10_010)
    pit.desk.apply(Amend(trades=(trade,), reason="by_hand", quantity=0, price=0))
    assert (pit.market.bids.sizes, [order.leaves for order in pit.market.called]) == ({}, [10])


def test_what_it_would_come_to_is_told_when_it_changes(pit: Pit) -> None:
    told = []
    for act in (lambda: pit.buy(10, 10_010), lambda: pit.sell(4, 10_000, account="bob"), lambda: None):
        act()
        pit.market.indicate()
        messages, _ = pit.market.tape.taken()
        told.append([(each.status, each.indicative_price, each.indicative_quantity) for each in messages])  # type: ignore[union-attr]
    assert told == [[], [("pre_open", 10_010, 4)], []]
    begin(pit)
    *_, opened = pit.market.tape.taken()[0]
    assert (opened.status, opened.indicative_price) == ("open", None)  # type: ignore[union-attr]


sent = st.lists(
    st.tuples(
        st.sampled_from(["buy", "sell"]),
        st.integers(1, 30),
        st.none() | st.integers(9_980, 10_020),
        st.sampled_from("abcdef"),
    ),
    max_size=25,
)
shown = st.dictionaries(st.integers(1, 15), st.integers(1, 40), max_size=4)


@given(sent, shown, shown, st.booleans())
def test_whatever_comes_the_greatest_volume_trades_at_one_price_and_the_book_does_not_cross(
    orders: list[Any], bids: dict[int, int], asks: dict[int, int], last: bool
) -> None:
    pit = Pit()
    pit.feed(
        bids={REFERENCE - away: size for away, size in bids.items()},
        asks={REFERENCE + away: size for away, size in asks.items()},
    )
    pit.market.bids.rest(Resting(REFERENCE - 3, 7, agent=1))
    pit.market.tape.status = "pre_close" if last else "pre_open"
    for side, quantity, price, account in orders:
        pit.order(side, quantity, price, account=account)
    pit.market.indicate()
    found = pit.market.crossing()
    pit.reports()
    pit.market.end_call(last=last)

    assert sum(trade.quantity for trade in pit.market.tape.taken()[1]) == (found.quantity if found else 0)
    fills = [each for each in pit.reports() if each.kind == "trade"]
    assert {each.last_price for each in fills} <= ({found.price} if found else set())
    for each in fills:
        order = pit.desk.find(each.sender, each.cl_ord_id)
        assert order is not None
        assert order.filled <= order.quantity
        worst = order.edge or 0
        assert each.last_price <= worst if order.buy else each.last_price >= worst
    assert pit.market.crossing() is None or pit.market.called
    best, least = pit.market.bids.best(), pit.market.asks.best()
    assert best is None or least is None or best < least
