"""One symbol follows numbers, sessions and days."""

import pytest

from services.contracts.clock import DAY, HOUR, MINUTE
from services.contracts.instruments import Status
from services.contracts.market import BookDelta, BookSnapshot, StatusChange, Trade
from services.market_data.domain.symbol import GapError, News, Symbol
from tests.unit.market_data.making import START, Print, symbol, tape

MIDNIGHT = START - START % DAY + DAY


def snapshot(seq: int = 0, time: int = START, status: Status = "open", last: int | None = None) -> BookSnapshot:
    return BookSnapshot(
        symbol="BTCUSDT",
        seq=seq,
        time=time,
        bids=[(9_990, 5)],
        asks=[(10_010, 6)],
        last_trade_id=0,
        last=last,
        status=status,
    )


def delta(seq: int, time: int = START, prev_seq: int | None = None) -> BookDelta:
    before = seq - 1 if prev_seq is None else prev_seq
    return BookDelta(symbol="BTCUSDT", seq=seq, prev_seq=before, time=time, bids=[(9_995, 1)], asks=[])


def turned(seq: int, status: Status, time: int = START) -> StatusChange:
    return StatusChange(symbol="BTCUSDT", seq=seq, prev_seq=seq - 1, time=time, status=status)


def traded(seq: int, time: int, price: int) -> Trade:
    (trade,) = tape([Print(time, price, 1)])
    return Trade(**{name: getattr(trade, name) for name in trade.__struct_fields__} | {"seq": seq, "prev_seq": seq - 1})


def following(opens: str | None = None) -> Symbol:
    known = symbol(opens)
    known.reset(snapshot())
    return known


def test_a_message_that_does_not_follow_is_a_gap_and_changes_nothing() -> None:
    known = following()
    known.apply(delta(1))
    with pytest.raises(GapError):
        known.apply(delta(3))
    assert (known.seq, known.synchronised) == (1, False)
    known.reset(snapshot(seq=3))
    known.apply(delta(4))
    assert (known.seq, known.synchronised, known.book.bid) == (4, True, 9_995)


@pytest.mark.parametrize(("seq", "before"), [(1, 0), (2, 0), (1, -1), (5, 4)])
def test_duplicates_reordered_and_missing_messages_are_gaps(seq: int, before: int) -> None:
    known = following()
    known.apply(delta(1))
    with pytest.raises(GapError):
        known.apply(delta(seq, prev_seq=before))


def test_a_quote_has_best_prices_the_last_trade_and_the_days_figures() -> None:
    known = following()
    known.apply(traded(1, START, 10_020))
    quote = known.quote()
    assert (quote.bid, quote.bid_size, quote.ask, quote.ask_size) == (9_990, 5, 10_010, 6)
    assert (quote.last, quote.open, quote.high, quote.low, quote.volume) == (10_020, 10_020, 10_020, 10_020, 1)
    assert (quote.previous_close, quote.seq, quote.stale) == (10_000, 1, False)


def test_a_quote_of_an_empty_book_has_no_prices() -> None:
    quote = symbol().quote(stale=True)
    assert (quote.bid, quote.bid_size, quote.ask, quote.ask_size, quote.last, quote.stale) == (
        None,
        0,
        None,
        0,
        None,
        True,
    )


def test_a_session_stands_around_the_last_ones_close() -> None:
    known = following("07:00")
    known.apply(traded(1, START, 10_100))
    known.apply(turned(2, "closed"))
    known.apply(turned(3, "open", START + HOUR))
    assert known.reference == 10_100
    assert known.news == [
        News(START, status="closed"),
        News(START + HOUR, reference=10_100),
        News(START + HOUR, status="open"),
    ]


def test_a_halt_ends_in_the_same_session() -> None:
    known = following("07:00")
    known.apply(traded(1, START, 10_100))
    known.apply(turned(2, "halted"))
    known.apply(turned(3, "open"))
    assert known.reference == 10_000


def test_a_market_that_never_closes_has_its_new_day_at_midnight() -> None:
    known = following()
    known.apply(traded(1, MIDNIGHT - MINUTE, 10_100))
    known.apply(delta(2, MIDNIGHT))
    assert known.news == [News(MIDNIGHT, reference=10_100)]


def test_missed_trades_turn_the_day_at_the_last_one_before_midnight() -> None:
    known = following()
    for trade in tape([Print(MIDNIGHT - MINUTE, 10_100, 1), Print(MIDNIGHT + MINUTE, 10_200, 1)]):
        known.trade(trade)
    known.reset(snapshot(seq=9, time=MIDNIGHT + HOUR, last=10_200))
    assert (known.reference, known.last) == (10_100, 10_200)


def test_a_snapshot_brings_a_status_that_was_missed() -> None:
    known = following("07:00")
    known.reset(snapshot(seq=5, status="closed"))
    assert known.news == [News(START, status="closed")]
    assert known.terms().status == "closed"


def test_a_view_has_the_whole_book_and_the_trades_after_an_id() -> None:
    known = following()
    for trade in tape([Print(START, 10_000 + number, 1) for number in range(5)]):
        known.trade(trade)
    view = known.view(3)
    assert [trade.trade_id for trade in view.trades] == [4, 5]
    assert (view.book.bids, view.book.last_trade_id, view.book.last) == ([(9_990, 5)], 5, 10_004)


def test_time_never_goes_back() -> None:
    known = following()
    known.apply(delta(1, START + MINUTE))
    known.apply(delta(2, START))
    assert known.time == START + MINUTE
