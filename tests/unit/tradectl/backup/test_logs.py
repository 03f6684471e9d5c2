"""tradectl.backup.logs"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradectl.backup.logs import Segment, chain
from tradectl.errors import TradectlError


def segment(file: str, start: int, end: int) -> Segment:
    return Segment("5a", file, start, end, 7, "default")


@given(st.integers(0, 10**12), st.integers(0, 10**9), st.integers(0, 2**53))
def test_a_segment_is_found_again_by_its_key(start: int, size: int, shipped: int) -> None:
    made = Segment("1509-ec6f", "binlog.000017", start, start + size, shipped, "qa-1")
    assert Segment.of(made.key) == made


@pytest.mark.parametrize("key", ["full/default/1/manifest.json", "logs/default/5a/binlog.1/7", "logs/default"])
def test_other_keys_are_none(key: str) -> None:
    assert Segment.of(key) is None


def test_pieces_are_put_together_from_a_log_on() -> None:
    first, second = segment("binlog.000002", 0, 50), segment("binlog.000002", 50, 90)
    old, last = segment("binlog.000001", 0, 10), segment("binlog.000003", 0, 5)

    assert list(chain([last, old, first, second], "binlog.000002")) == [first, second, last]


def test_two_shippers_may_have_sent_the_same() -> None:
    first, again, both = (segment("binlog.000001", 0, end) for end in (50, 40, 70))
    assert list(chain([first, again, both], "binlog.000001")) == [again, first, both]


def test_a_piece_that_is_missing_is_named() -> None:
    with pytest.raises(TradectlError, match="bytes 50 to 60 were never shipped"):
        list(chain([segment("binlog.000001", 0, 50), segment("binlog.000001", 60, 90)], "binlog.000001"))


@pytest.mark.parametrize("there", ["binlog.000001", "binlog.000003"])
def test_a_log_that_is_missing_is_named(there: str) -> None:
    with pytest.raises(TradectlError, match=r"binlog\.00000[12] is damaged: it was never shipped"):
        list(chain([segment(there, 0, 50), segment("binlog.000004", 0, 9)], "binlog.000001"))


def test_what_comes_before_a_hole_is_given_before_it_is_met() -> None:
    pieces = chain([segment("binlog.000001", 0, 50), segment("binlog.000001", 60, 90)], "binlog.000001")
    assert next(pieces).end == 50
