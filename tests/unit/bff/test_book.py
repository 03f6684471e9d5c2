"""A market followed by its messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.bff.domain.book import Batch, Gap, Market
from services.contracts.market import BookDelta, BookSnapshot, Level, MarketView, Trade


def book(seq: int, bids: list[Level], asks: list[Level], last_trade_id: int = 0) -> BookSnapshot:
    return BookSnapshot(symbol="A", seq=seq, time=seq, bids=bids, asks=asks, last_trade_id=last_trade_id)


def delta(seq: int, bids: list[Level], asks: list[Level] | None = None) -> BookDelta:
    return BookDelta(symbol="A", seq=seq, prev_seq=seq - 1, time=seq, bids=bids, asks=asks or [])


def trade(seq: int, trade_id: int) -> Trade:
    return Trade(
        symbol="A", seq=seq, prev_seq=seq - 1, time=seq, trade_id=trade_id, price=1, quantity=1, aggressor="buy"
    )


@pytest.fixture
def market() -> Market:
    made = Market("A")
    made.look(MarketView(book=book(10, [(100, 5)], [(101, 6)], last_trade_id=3), trades=[trade(8, 3)]))
    return made


def test_a_view_is_the_whole_book_and_the_latest_trades(market: Market) -> None:
    assert (market.bids, market.asks, market.seq, market.trade_id) == ({100: 5}, {101: 6}, 10, 3)
    assert [each.trade_id for each in market.latest] == [3]


def test_what_a_view_already_holds_is_not_applied_again(market: Market) -> None:
    batch = Batch()
    market.follow([delta(9, [(100, 1)]), trade(10, 3), delta(11, [(100, 7)])], batch)
    assert market.bids == {100: 7}
    assert batch.bids == {100: 7}
    assert batch.trades == []


def test_a_quantity_of_zero_removes_a_level_and_is_told(market: Market) -> None:
    batch = Batch()
    market.follow([delta(11, [(100, 0)], [(102, 1)])], batch)
    assert (market.bids, market.asks) == ({}, {101: 6, 102: 1})
    assert (batch.bids, batch.asks) == ({100: 0}, {102: 1})


def test_a_hole_is_noticed_and_nothing_behind_it_is_applied(market: Market) -> None:
    batch = Batch()
    with pytest.raises(Gap):
        market.follow([delta(11, [(99, 1)]), trade(13, 5), delta(14, [(98, 1)])], batch)
    assert market.bids == {100: 5, 99: 1}
    assert (market.seq, market.trade_id, batch.trades) == (11, 3, [])


def test_after_a_hole_the_view_brings_the_missed_trades(market: Market) -> None:
    batch = market.look(MarketView(book=book(20, [], [], last_trade_id=5), trades=[trade(12, 4), trade(13, 5)]))
    assert [each.trade_id for each in batch.trades] == [4, 5]
    assert batch.anew
    assert not batch.trades_lost


def test_trades_that_nobody_has_any_more_are_lost(market: Market) -> None:
    batch = market.look(MarketView(book=book(20, [], [], last_trade_id=9), trades=[trade(18, 8), trade(19, 9)]))
    assert batch.trades_lost
    assert market.trade_id == 9


def test_a_snapshot_in_the_stream_replaces_the_book(market: Market) -> None:
    batch = Batch()
    market.follow([book(30, [(90, 1)], []), delta(31, [(91, 2)])], batch)
    assert batch.anew
    assert market.bids == {90: 1, 91: 2}


def test_a_snapshot_in_the_stream_that_comes_after_trades_unheard_of_is_a_hole(market: Market) -> None:
    batch = Batch()
    with pytest.raises(Gap):
        market.follow([trade(11, 4), book(30, [(90, 1)], [], last_trade_id=6)], batch)
    assert [each.trade_id for each in batch.trades] == [4]
    assert not batch.anew


LEVELS = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 3)), max_size=4)


@given(st.lists(st.tuples(LEVELS, LEVELS), max_size=10), st.integers(0, 10))
def test_a_client_that_applies_what_is_told_has_the_same_book(
    changes: list[tuple[list[Level], list[Level]]], cut: int
) -> None:
    market = Market("A")
    market.look(MarketView(book=book(0, [], []), trades=[]))
    client: dict[int, int] = {}
    messages = [delta(number, bids, asks) for number, (bids, asks) in enumerate(changes, start=1)]
    for part in (messages[:cut], messages[cut:]):
        batch = Batch()
        market.follow(part, batch)
        client |= batch.bids
    assert {price: quantity for price, quantity in client.items() if quantity} == market.bids
