"""What a test says to the clock, and what it hears."""

from datetime import UTC, datetime, timedelta

import pytest

from services.contracts.clock import MINUTE
from services.contracts.times import from_rfc3339
from tradectl.errors import TradectlError
from tradectl.probes.clock import MarketTime
from tradectl.testing.clock import at, microseconds, pace_of

NOW = from_rfc3339("2024-08-08T07:10:00Z")


def test_a_moment_is_a_time_in_utc() -> None:
    assert at(NOW + 5) == datetime(2024, 8, 8, 7, 10, 0, 5, UTC)


@pytest.mark.parametrize("duration", ["1h30m", timedelta(minutes=90)])
def test_a_duration_is_a_word_or_a_timedelta(duration: str | timedelta) -> None:
    assert microseconds(duration) == 90 * MINUTE


@pytest.mark.parametrize("duration", ["soon", timedelta(0), timedelta(seconds=-1)])
def test_what_leads_nowhere_is_refused_with_an_example(duration: str | timedelta) -> None:
    with pytest.raises(TradectlError) as caught:
        microseconds(duration)
    assert caught.value.hint


def test_time_that_stood_stands_again_and_time_that_ran_runs_as_fast() -> None:
    assert pace_of(MarketTime(NOW, 60.0, "paused")) == {"mode": "paused"}
    assert pace_of(MarketTime(NOW, 60.0, "running")) == {"mode": "running", "speed": 60.0}
    assert pace_of(MarketTime(NOW, 1.0, "driven", NOW + 1)) == {"mode": "running", "speed": 1.0}
