"""A recording played into a market: the same book, the same trades, at the recorded pace; and bad files."""

import gzip
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from services.contracts.times import from_rfc3339
from sim.feeds.errors import FeedError
from sim.feeds.floor import Feed
from sim.feeds.program import Program
from sim.feeds.recorded import Recording, check
from sim.listings import listings
from sim.venue.market import Market
from sim.venue.record import Record
from sim.venue.setup import SLICE, Setup, feed_of, history_of
from tests.integration.sim.venue.reference import naive

ORIGIN = from_rfc3339("2024-08-08T07:10:00Z")
WHOLE = Path(__file__).parents[5] / "shared" / "data" / "btcusdt-spot-20240808.gz"
LISTING = listings()["BTCUSDT"]


def market() -> Market:
    made = Market(LISTING.instrument, Record())
    made.tape.status, made.reference = "open", LISTING.feed.price
    return made


def program(**facts: str) -> Program:
    setup = Setup(seed=7, origin=ORIGIN, **facts)  # type: ignore[arg-type]
    made = feed_of(setup, LISTING, history_of(setup, LISTING), ORIGIN)
    assert isinstance(made, Program)
    return made


def play_all(feed: Feed | Recording, floor: Market) -> None:
    while (due := feed.due()) is not None:
        feed.play(floor, due)


@pytest.fixture
def lines() -> list[bytes]:
    with gzip.open(SLICE) as file:
        return list(islice(file, 500))


@pytest.fixture
def damaged(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / "damaged"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize(
    "path", [SLICE, pytest.param(WHOLE, marks=pytest.mark.skipif(not WHOLE.exists(), reason="no shared data here"))]
)
def test_the_book_and_the_tape_end_as_the_recording_does(path: Path) -> None:
    floor, book = market(), naive(path)
    play_all(Recording(path, LISTING.instrument, ORIGIN), floor)
    for half, side in ((floor.bids, book.sides["b"]), (floor.asks, book.sides["a"])):
        expected = {int(price * 100): int(size * 100_000) for price, size in side.items()}
        assert half.sizes == {price: size for price, size in expected.items() if size}
    trades = [(trade.price, trade.quantity) for trade in floor.tape.taken()[1]]
    assert trades == [(int(price * 100), int(size * 100_000)) for price, size in book.trades]


def test_the_slice_is_complete_and_starts_near_61_800() -> None:
    assert check(SLICE, "BTCUSDT") == 8_605
    floor, feed = market(), Recording(SLICE, LISTING.instrument, ORIGIN)
    feed.play(floor, ORIGIN + 1_000_000)
    assert 6_170_000 < (floor.bids.best() or 0) < 6_190_000
    assert (feed.gaps, feed.skipped) == (0, 0)
    assert min(len(floor.bids.sizes), len(floor.asks.sizes)) > 900


def test_receive_time_is_market_time(lines: list[bytes]) -> None:
    floor, feed = market(), Recording(SLICE, LISTING.instrument, ORIGIN)
    first = int(lines[0].split()[0]) // 1_000
    trades = [int(line.split()[0]) // 1_000 for line in lines if b'"e":"trade"' in line]
    feed.play(floor, ORIGIN + trades[5] - first)
    times = [trade.time for trade in floor.tape.taken()[1]]
    assert times == [ORIGIN + moment - first for moment in trades if moment <= trades[5]]


def test_a_recording_goes_on_at_the_next_line_after_it_was_saved() -> None:
    floor, feed = market(), Recording(SLICE, LISTING.instrument, ORIGIN)
    feed.play(floor, ORIGIN + 20_000_000)
    again = Recording(SLICE, LISTING.instrument, ORIGIN).load(feed.save(), floor)
    assert again.due() == feed.due()
    whole = market()
    play_all(Recording(SLICE, LISTING.instrument, ORIGIN), whole)
    play_all(again, floor)
    assert floor.snapshot() == whole.snapshot()


def test_agents_go_on_from_the_last_price_and_the_handover_is_marked() -> None:
    floor, feed = market(), program()
    feed.play(floor, ORIGIN + 80_000_000)
    assert feed.kind == "agents"
    ((_, mark),) = floor.marks
    assert "after line 8605: agents" in mark
    prices = [trade.price for trade in floor.tape.trades]
    floor.tape.taken()
    feed.play(floor, ORIGIN + 120_000_000)
    after = [trade.price for trade in floor.tape.trades]
    assert abs(after[0] / prices[-1] - 1) < 0.001
    assert min(len(floor.bids.sizes), len(floor.asks.sizes)) >= 10


def test_a_recording_may_begin_again_or_end_in_a_halt() -> None:
    floor, feed = market(), program(at_end="loop")
    feed.play(floor, ORIGIN + 160_000_000)
    assert len(floor.marks) == 2
    assert feed.recording.line > 0
    floor, feed = market(), program(at_end="halt")
    play_all(feed, floor)
    assert (feed.kind, floor.tape.status, feed.due()) == ("halted", "halted", None)


def test_bad_lines_behind_the_check_are_counted_and_skipped(
    damaged: Callable[[bytes], Path], lines: list[bytes]
) -> None:
    path = damaged(b"".join([*lines[:100], b"17 {broken\n", b"no time\n", *lines[100:]]))
    floor, feed = market(), Recording(path, LISTING.instrument, ORIGIN)
    play_all(feed, floor)
    assert (feed.skipped, feed.line) == (2, 502)


def test_a_file_that_breaks_off_while_it_plays_has_ended(damaged: Callable[[bytes], Path], lines: list[bytes]) -> None:
    whole = gzip.compress(b"".join(lines))
    floor, feed = market(), program(feed=str(damaged(whole[: len(whole) * 2 // 3])))
    feed.play(floor, ORIGIN + 10_000_000)
    assert feed.kind == "agents"
    assert "truncated" in feed.facts()["broken"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"hello\n", "line 1"),
        (b'{"e":"trade","s":"ETHUSDT","p":"1","q":"1"}\n', "a message of ETHUSDT"),
        (b"[]\n", "line 1"),
        (b'1 {"x": 1}\n', "holds no depth"),
    ],
)
def test_a_file_that_is_no_recording_is_refused_in_words(
    damaged: Callable[[bytes], Path], content: bytes, said: str
) -> None:
    path = damaged(content)
    with pytest.raises(FeedError, match=said) as caught:
        check(path, "BTCUSDT")
    assert str(path) in caught.value.message
    assert caught.value.hint


def test_the_check_names_the_bad_line(damaged: Callable[[bytes], Path], lines: list[bytes]) -> None:
    path = damaged(gzip.compress(b"".join([*lines[:300], b"17 {broken\n", *lines[300:]])))
    with pytest.raises(FeedError, match="line 301"):
        check(path, "BTCUSDT")


def test_a_truncated_or_missing_file_is_refused(
    damaged: Callable[[bytes], Path], lines: list[bytes], tmp_path: Path
) -> None:
    whole = gzip.compress(b"".join(lines))
    with pytest.raises(FeedError, match="truncated"):
        check(damaged(whole[: len(whole) // 2]), "BTCUSDT")
    with pytest.raises(FeedError, match="there is no feed file"):
        check(tmp_path / "nothing", "BTCUSDT")
