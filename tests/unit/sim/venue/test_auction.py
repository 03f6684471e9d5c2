"""At which price an auction trades: sim.venue.auction."""

from hypothesis import given
from hypothesis import strategies as st

from sim.venue.auction import Cross, cross

REFERENCE = 100
prices = st.integers(90, 110)
sizes = st.dictionaries(prices, st.integers(1, 50), max_size=8)


def traded(bids: dict[int, int], asks: dict[int, int], price: int) -> int:
    """What could change hands at a price, counted one by one."""
    bought = sum(size for each, size in bids.items() if each >= price)
    sold = sum(size for each, size in asks.items() if each <= price)
    return min(bought, sold)


def surplus(bids: dict[int, int], asks: dict[int, int], price: int) -> int:
    bought = sum(size for each, size in bids.items() if each >= price)
    return bought - sum(size for each, size in asks.items() if each <= price)


@given(sizes, sizes, prices)
def test_at_no_price_would_more_change_hands(bids: dict[int, int], asks: dict[int, int], reference: int) -> None:
    most = max(traded(bids, asks, price) for price in range(89, 112))
    found = cross(bids, asks, reference)
    assert (found.quantity if found else 0) == most
    if found:
        assert traded(bids, asks, found.price) == found.quantity
        assert surplus(bids, asks, found.price) == found.surplus


@given(sizes, sizes, prices)
def test_of_the_prices_of_the_greatest_volume_none_leaves_a_smaller_surplus(
    bids: dict[int, int], asks: dict[int, int], reference: int
) -> None:
    found = cross(bids, asks, reference)
    if found is None:
        return
    named = {*bids, *asks, reference}
    largest = [price for price in named if traded(bids, asks, price) == found.quantity]
    assert abs(found.surplus) == min(abs(surplus(bids, asks, price)) for price in largest)


@given(sizes, sizes, prices)
def test_nobody_who_accepts_a_better_price_is_left_out_for_one_who_does_not(
    bids: dict[int, int], asks: dict[int, int], reference: int
) -> None:
    found = cross(bids, asks, reference)
    if found is not None:
        assert sum(size for price, size in bids.items() if price > found.price) <= found.quantity
        assert sum(size for price, size in asks.items() if price < found.price) <= found.quantity


@given(sizes, sizes)
def test_buyers_and_sellers_are_treated_alike(bids: dict[int, int], asks: dict[int, int]) -> None:
    """Seen in a mirror the auction comes to the mirrored price, but where two are as near to the reference."""
    found = cross(bids, asks, 80)
    mirrored = cross(
        {200 - price: size for price, size in asks.items()}, {200 - price: size for price, size in bids.items()}, 120
    )
    assert (found and (found.quantity, found.surplus)) == (mirrored and (mirrored.quantity, -mirrored.surplus))
    assert (found and found.price) == (mirrored and 200 - mirrored.price)


def test_who_does_not_meet_does_not_trade() -> None:
    assert cross({99: 10}, {101: 10}, REFERENCE) is None
    assert cross({}, {101: 10}, REFERENCE) is None


def test_more_to_buy_than_to_sell_makes_it_dear_and_the_other_way_round_cheap() -> None:
    assert cross({105: 20}, {95: 10}, REFERENCE) == Cross(105, 10, 10)
    assert cross({105: 10}, {95: 20}, REFERENCE) == Cross(95, 10, -10)


def test_between_more_to_buy_and_more_to_sell_nobody_with_a_better_price_is_left_out() -> None:
    assert cross({90: 1, 92: 1}, {90: 1, 91: 1}, 92) == Cross(91, 1, -1)


def test_where_all_is_even_the_price_stays_near_the_reference() -> None:
    assert cross({105: 10}, {95: 10}, REFERENCE) == Cross(100, 10, 0)
    assert cross({105: 10}, {102: 10}, REFERENCE) == Cross(102, 10, 0)
