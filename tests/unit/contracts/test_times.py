"""Times keep their microseconds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.times import from_duration, from_rfc3339, rfc3339


@given(st.integers(0, 4_000_000_000_000_000))
def test_a_time_is_read_back_to_the_microsecond(moment: int) -> None:
    assert from_rfc3339(rfc3339(moment)) == moment


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        from_rfc3339("2024-08-08T07:10:00")


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("90s", 90_000_000),
        ("5m", 300_000_000),
        ("1h30m", 5_400_000_000),
        ("500ms", 500_000),
        ("0.1ms", 100),
        ("1.5s", 1_500_000),
        ("2d1h", 176_400_000_000),
    ],
)
def test_a_duration_is_read(text: str, microseconds: int) -> None:
    assert from_duration(text) == microseconds


@pytest.mark.parametrize(
    "text", ["", "5", "m", "-5m", "5 m", "5m ", "0s", "5M", "1e3s", "0.0001ms", "٣s", "999999999d"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        from_duration(text)
