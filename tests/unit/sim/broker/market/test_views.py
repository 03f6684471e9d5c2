"""What a subscriber sees of a book, and how he keeps up with it."""

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.market import BookSnapshot, Level
from sim.broker.market.requests import Action, Entry, Request
from sim.broker.market.views import DELETED, changes, view_of

sides = st.dictionaries(st.integers(1, 40), st.integers(1, 5), max_size=12)
depths = st.integers(0, 6)
wishes = st.sets(st.sampled_from([Entry.BID, Entry.OFFER, Entry.TRADE]), min_size=1)


def book(bids: dict[int, int], asks: dict[int, int]) -> BookSnapshot:
    buying: list[Level] = sorted(bids.items(), reverse=True)
    selling: list[Level] = [(price + 100, quantity) for price, quantity in sorted(asks.items())]
    return BookSnapshot(symbol="AAPL", seq=1, time=0, bids=buying, asks=selling, last_trade_id=0)


def request(entries: set[Entry], depth: int) -> Request:
    return Request("r", Action.SUBSCRIBE, ("AAPL",), frozenset(entries), depth)


@given(sides, sides, sides, sides, wishes, depths)
def test_who_applies_the_changes_sees_the_book_as_it_is(
    bids: dict[int, int],
    asks: dict[int, int],
    later_bids: dict[int, int],
    later_asks: dict[int, int],
    entries: set[Entry],
    depth: int,
) -> None:
    wanted = request(entries, depth)
    before, after = view_of(book(bids, asks), wanted), view_of(book(later_bids, later_asks), wanted)
    kept = {level: quantity for level, (quantity, _) in before.items()}
    for change in changes(before, after):
        if change.action == DELETED:
            del kept[change.entry, change.price]
        else:
            kept[change.entry, change.price] = change.quantity
    assert kept == {level: quantity for level, (quantity, _) in after.items()}


@given(sides, sides, depths)
def test_a_view_is_as_deep_as_it_was_asked_for_and_begins_with_the_best(
    bids: dict[int, int], asks: dict[int, int], depth: int
) -> None:
    seen = view_of(book(bids, asks), request({Entry.BID, Entry.OFFER}, depth))
    best_first = {Entry.BID: sorted(bids, reverse=True), Entry.OFFER: [price + 100 for price in sorted(asks)]}
    for entry, prices in best_first.items():
        told = {price: place for (side, price), (_, place) in seen.items() if side is entry}
        assert told == {price: place for place, price in enumerate(prices[: depth or None], 1)}


def test_nothing_is_told_of_a_book_that_is_the_same() -> None:
    view = view_of(book({5: 1}, {6: 2}), request({Entry.BID, Entry.OFFER}, 0))
    assert list(changes(view, dict(view))) == []
