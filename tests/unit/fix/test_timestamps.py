import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fix.timestamps import microseconds, timestamp, timestamp_micros

MOMENTS = st.integers(0, 4_102_444_800_000_000)


@given(MOMENTS)
def test_microseconds_survive_the_wire(moment: int) -> None:
    assert microseconds(timestamp_micros(moment)) == moment


@given(MOMENTS)
def test_milliseconds_are_cut_not_rounded(moment: int) -> None:
    assert microseconds(timestamp(moment)) == moment // 1000 * 1000


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        (b"19700101-00:00:00", 0),
        (b"20240808-07:10:00.123", 1_723_101_000_123_000),
        (b"20240808-07:10:00.123456", 1_723_101_000_123_456),
        (b"20240808-07:10:00.123456789", 1_723_101_000_123_456),
        (b"20161231-23:59:60", 1_483_228_800_000_000),
        (b"20240229-00:00:00", 1_709_164_800_000_000),
    ],
)
def test_timestamps_are_read_in_every_precision(text: bytes, moment: int) -> None:
    assert microseconds(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"2024-08-08",
        b"20240230-00:00:00",
        b"20230229-00:00:00",
        b"00000101-00:00:00",
        b"20241301-00:00:00",
        b"20240808-24:00:00",
        b"20240808-07:60:00",
        b"20240808-07:10:00.",
        b"20240808-07:10:00.12",
        b"20240808-07:10:00Z",
        b"20240808 07:10:00",
    ],
)
def test_what_is_no_timestamp_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match="is not a"):
        microseconds(text)
