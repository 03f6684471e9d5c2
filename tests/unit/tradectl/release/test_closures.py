from datetime import UTC, datetime

import pytest

from tradectl.release.closures import Closures, Freeze, Window

MONDAY = datetime(2026, 11, 30, 6, tzinfo=UTC)
"""Nine in Moscow."""


def window(zone: str = "Europe/Moscow") -> Window:
    return Window(days=["mon", "tue"], opens="08:00", closes="17:00", zone=zone)


def test_a_freeze_says_who_and_until_when_and_is_over_by_itself() -> None:
    frozen = Closures("dev", Freeze(by="Ann", why="quarter's end", until="2026-11-30T16:00:00Z"))
    assert frozen.why(MONDAY) == ["dev is frozen by Ann until 2026-11-30T16:00:00Z: quarter's end"]
    assert frozen.why(MONDAY.replace(hour=16)) == []


def test_a_freeze_without_an_end_holds_until_it_is_thawed() -> None:
    assert Closures("dev", Freeze(by="Ann", why="audit")).why(MONDAY.replace(year=2030)) != []


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        (MONDAY, True),
        (MONDAY.replace(hour=4), False),
        (MONDAY.replace(hour=5), True),
        (MONDAY.replace(hour=14), False),
        (datetime(2026, 12, 2, 6, tzinfo=UTC), False),
    ],
)
def test_a_window_is_open_at_its_own_hours_on_its_own_days(moment: datetime, open_: bool) -> None:
    assert (Closures("prod", windows=(window(),)).why(moment) == []) is open_


def test_outside_all_windows_it_says_when_they_are() -> None:
    (said,) = Closures("prod", windows=(window("UTC"),)).why(MONDAY)
    assert said == "prod takes releases mon, tue 08:00-17:00 UTC, and it is Mon 06:00 UTC"
