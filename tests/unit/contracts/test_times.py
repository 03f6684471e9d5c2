"""Times keep their microseconds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.times import from_rfc3339, rfc3339


@given(st.integers(0, 4_000_000_000_000_000))
def test_a_time_is_read_back_to_the_microsecond(moment: int) -> None:
    assert from_rfc3339(rfc3339(moment)) == moment


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        from_rfc3339("2024-08-08T07:10:00")
