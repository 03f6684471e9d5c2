"""The book against the plainest one: two dictionaries, searched each time."""

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.market import BookSnapshot, Level
from services.market_data.domain.book import Book

levels = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 3)), max_size=6)
changes = st.lists(st.tuples(levels, levels), max_size=30)


@given(changes)
def test_best_prices_and_depth_follow_every_change(batches: list[tuple[list[Level], list[Level]]]) -> None:
    book, bids, asks = Book(), dict[int, int](), dict[int, int]()
    for bid_changes, ask_changes in batches:
        book.change(bid_changes, ask_changes)
        for side, levels in ((bids, bid_changes), (asks, ask_changes)):
            for price, quantity in levels:
                side[price] = quantity
                if not quantity:
                    del side[price]
        assert (book.bid, book.ask) == (max(bids, default=None), min(asks, default=None))
        best_bids, best_asks = book.top(3)
        assert best_bids == [(price, bids[price]) for price in sorted(bids, reverse=True)[:3]]
        assert best_asks == [(price, asks[price]) for price in sorted(asks)[:3]]


def test_a_snapshot_forgets_what_was_before() -> None:
    book = Book()
    book.change([(5, 1)], [(7, 1)])
    book.reset(BookSnapshot(symbol="AAPL", seq=1, time=0, bids=[(3, 2)], asks=[], last_trade_id=0))
    assert (book.bids, book.bid, book.asks, book.ask) == ({3: 2}, 3, {}, None)
