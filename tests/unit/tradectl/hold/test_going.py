"""Where to, as a user says it, and whether market time is still on its way there."""

import pytest

from services.contracts.clock import MINUTE, SECOND
from services.contracts.times import from_rfc3339
from tradectl.errors import ExitCode, TradectlError
from tradectl.hold.going import check, length, moment_of
from tradectl.probes.clock import MarketTime

NOW = from_rfc3339("2024-08-08T07:10:00Z")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-08-09T15:00:00Z", "2024-08-09T15:00:00Z"),
        ("2024-08-08T18:00:00+03:00", "2024-08-08T15:00:00Z"),
        ("15:00", "2024-08-08T15:00:00Z"),
        ("15:00:30.5", "2024-08-08T15:00:30.5Z"),
        ("07:00", "2024-08-08T07:00:00Z"),
    ],
)
def test_a_moment_is_a_time_or_a_time_of_the_markets_day(text: str, moment: str) -> None:
    assert moment_of(text, NOW) == from_rfc3339(moment)


@pytest.mark.parametrize("text", ["noon", "25:00", "15", "15:00Z", "2024-08-08", "2024-08-08T15:00:00", ""])
def test_what_is_no_moment_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(TradectlError) as caught:
        moment_of(text, NOW)
    assert caught.value.exit_code is ExitCode.BAD_INPUT
    assert "15:00" in caught.value.hint


def test_a_length_is_a_duration() -> None:
    assert length("5m") == 5 * MINUTE
    with pytest.raises(TradectlError):
        length("5")


def test_time_that_arrives_or_is_on_its_way_is_in_our_hands() -> None:
    there = NOW + MINUTE
    check(MarketTime(NOW, 1.0, "driven", there), there, touch=False)
    check(MarketTime(there, 1.0, "paused"), there, touch=False)
    check(MarketTime(there + SECOND, 1.0, "paused"), there, touch=False)
    check(MarketTime(NOW + SECOND, 1.0, "paused"), there, touch=True)


@pytest.mark.parametrize(
    "seen",
    [MarketTime(NOW, 1.0, "running"), MarketTime(NOW, 1.0, "paused"), MarketTime(NOW, 1.0, "driven", NOW + SECOND)],
)
def test_time_that_somebody_else_has_changed_is_a_conflict(seen: MarketTime) -> None:
    with pytest.raises(TradectlError) as caught:
        check(seen, NOW + MINUTE, touch=False)
    assert caught.value.exit_code is ExitCode.CONFLICT
