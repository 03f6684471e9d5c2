"""Orders of which only a part is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.sim.venue.floor import REFERENCE, Pit


@pytest.fixture
def pit() -> Pit:
    return Pit()


def test_the_book_shows_no_more_than_is_displayed(pit: Pit) -> None:
    name = pit.buy(100, REFERENCE, display=10)
    assert pit.market.bids.sizes == {REFERENCE: 10}
    assert pit.status(name).leaves == 100


def test_the_next_part_is_shown_when_one_is_used_up(pit: Pit) -> None:
    pit.buy(25, REFERENCE, display=10, name="hidden")
    pit.reports()
    for expected in (10, 5):
        pit.sell(10, REFERENCE, account="bob")
        assert ("hidden", 10, REFERENCE, "maker") in pit.fills()
        assert pit.market.bids.sizes == {REFERENCE: expected}
    pit.sell(5, REFERENCE, account="bob")
    assert pit.market.bids.sizes == {}
    assert pit.status("hidden").status == "filled"


def test_the_next_part_stands_behind_those_who_came_before_it(pit: Pit) -> None:
    pit.buy(20, REFERENCE, display=10, name="hidden")
    pit.buy(10, REFERENCE, name="open", account="carol")
    pit.reports()
    pit.sell(25, REFERENCE, account="bob")
    makers = [(name, quantity) for name, quantity, _, liquidity in pit.fills() if liquidity == "maker"]
    assert makers == [("hidden", 10), ("open", 10), ("hidden", 5)]


def test_what_is_hidden_is_no_deeper_level(pit: Pit) -> None:
    pit.sell(20, REFERENCE, display=10, name="hidden")
    pit.feed(asks={REFERENCE + 1: 10})
    pit.buy(30, REFERENCE + 1, name="taker", account="bob")
    levels = [(each.last_price, each.level) for each in pit.reports() if each.liquidity == "taker"]
    assert levels == [(REFERENCE, 0), (REFERENCE, 0), (REFERENCE + 1, 1)]


def test_fill_or_kill_reaches_what_is_hidden(pit: Pit) -> None:
    pit.sell(20, REFERENCE, display=10)
    pit.buy(20, REFERENCE, tif="fok", name="all", account="bob")
    assert pit.status("all").status == "filled"


def test_a_print_through_its_price_fills_all_of_it(pit: Pit) -> None:
    pit.buy(25, REFERENCE, display=10, name="hidden")
    pit.market.printed(REFERENCE - 1, 5, buy=False)
    assert pit.status("hidden").status == "filled"
    assert pit.market.bids.sizes == {}


def test_less_in_all_keeps_the_place_of_what_is_shown(pit: Pit) -> None:
    name = pit.buy(30, REFERENCE, display=10)
    pit.buy(10, REFERENCE, account="carol")
    pit.reports()
    request = pit.replace(name, quantity=15)
    assert pit.market.bids.sizes == {REFERENCE: 20}
    pit.sell(10, REFERENCE, account="bob")
    assert pit.fills()[0][0] == request


def test_another_part_to_show_costs_the_place(pit: Pit) -> None:
    name = pit.buy(30, REFERENCE, display=10)
    pit.buy(10, REFERENCE, account="carol", name="open")
    pit.reports()
    pit.replace(name, quantity=30, display=20)
    assert pit.market.bids.sizes == {REFERENCE: 30}
    pit.sell(10, REFERENCE, account="bob")
    assert pit.fills()[0][0] == "open"


@pytest.mark.parametrize(
    "terms",
    [
        {"quantity": 10, "price": REFERENCE, "display": 11},
        {"quantity": 10, "price": REFERENCE, "display": 0},
        {"quantity": 10, "price": REFERENCE, "display": 5, "tif": "ioc"},
        {"quantity": 10, "display": 5},
    ],
)
def test_what_has_nothing_to_hide_is_no_iceberg(pit: Pit, terms: dict[str, int]) -> None:
    pit.buy(**terms)
    assert pit.said() == [("rejected", "display_quantity")]


orders = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob"]), st.booleans(), st.integers(1, 30), st.integers(-2, 2), st.integers(1, 30)
    ),
    max_size=30,
)


@given(orders, st.booleans())
def test_hiding_changes_neither_what_trades_at_which_price_nor_how_much(
    given_orders: list[tuple[str, bool, int, int, int]], with_feed: bool
) -> None:
    open_pit, hiding = Pit(), Pit()
    for pit, hides in ((open_pit, False), (hiding, True)):
        if with_feed:
            pit.feed(bids={REFERENCE - 1: 20}, asks={REFERENCE + 1: 20})
        for account, buys, quantity, ticks, display in given_orders:
            terms = {"display": min(display, quantity)} if hides else {}
            pit.order("buy" if buys else "sell", quantity, REFERENCE + ticks, account=f"{account}{buys}", **terms)
            sides = (pit.market.bids, pit.market.asks)
            shown = sum(sum(half.sizes.values()) for half in sides)
            standing = sum(
                resting.leaves for half in sides for level in half.levels.values() for resting in level.queue
            )
            external = sum(level.external for half in sides for level in half.levels.values())
            untouched = sum(size for half in sides for price, size in half.sizes.items() if price not in half.levels)
            assert shown == standing + external + untouched
    traded = [sorted_sums(pit) for pit in (open_pit, hiding)]
    assert traded[0] == traded[1]
    for order in hiding.desk.open_orders():
        assert hiding.market.resting[order.order_id].leaves <= min(order.display or 0, order.leaves)
        assert hiding.market.resting[order.order_id].leaves > 0


def sorted_sums(pit: Pit) -> list[tuple[int, int]]:
    """How much traded at each price."""
    sums: dict[int, int] = {}
    for quantity, price in pit.tape():
        sums[price] = sums.get(price, 0) + quantity
    return sorted(sums.items())
