from dataclasses import replace

import pytest

from tradectl.tui.widgets.bars import DAY, Bar
from tradectl.tui.widgets.indicators import OVERLAYS, PANES, Running, Study

CLOSES = [10, 11, 13, 12, 14, 15, 13, 12, 11, 14, 16, 18, 17, 19, 20, 18, 17, 21, 22, 20, 23, 24, 22, 21]
BARS = [Bar(index * 60_000_000, close, close + 1, close - 1, close, 5) for index, close in enumerate(CLOSES * 3)]
ALL = slice(None)


@pytest.mark.parametrize("study", [*OVERLAYS[1:], *PANES[1:]], ids=lambda study: study.name)
def test_a_study_that_goes_on_says_what_one_begun_anew_says(study: Study) -> None:
    running = Running(study)
    for count in range(1, len(BARS) + 1):
        running.lines([*BARS[: count - 1], replace(BARS[count - 1], close=99)], ALL)
        running.lines(BARS[:count], ALL)
    for went_on, anew in zip(running.lines(BARS, ALL), Running(study).lines(BARS, ALL), strict=True):
        assert went_on.values == pytest.approx(anew.values)


def test_another_instrument_begins_anew() -> None:
    running = Running(OVERLAYS[1])
    running.lines(BARS, ALL)
    others = [replace(bar, close=bar.close * 2) for bar in BARS]
    assert running.lines(others, ALL) == Running(OVERLAYS[1]).lines(others, ALL)


def test_an_average_has_no_value_before_its_first_period_is_full() -> None:
    line = Running(OVERLAYS[1]).lines(BARS, ALL)[0]
    assert line.values[18] is None
    assert line.values[19] == pytest.approx(sum(CLOSES[:20]) / 20)


def test_vwap_begins_anew_each_day() -> None:
    bars = [Bar(0, 10, 10, 10, 10, 1), Bar(1, 20, 20, 20, 20, 3), Bar(DAY, 40, 40, 40, 40, 1)]
    vwap = next(study for study in OVERLAYS if study.name == "VWAP")
    assert Running(vwap).lines(bars, ALL)[0].values == [10, 17.5, 40]


def test_only_what_is_shown_is_given() -> None:
    assert len(Running(PANES[1]).lines(BARS, slice(5, 9))[0].values) == 4
