"""Facts as text."""

import pytest

from tests.unit.tradectl.dash.canned import SPANS
from tests.unit.tradectl.telemetry.told import TRACE
from tradectl.dash.colours import use
from tradectl.dash.drawing import curve, log_line, state, waterfall
from tradectl.looks.themes import THEMES
from tradectl.telemetry.measures import Measure
from tradectl.telemetry.spans import nested


def test_a_waterfall_has_a_row_a_span_with_its_depth_and_its_bar() -> None:
    head, *rows = waterfall(nested(SPANS), 120).plain.splitlines()
    assert "30.0 ms" in head
    assert [row[16:46].rstrip() for row in rows] == [
        "POST /api/v1/orders",
        "  POST /orders",
        "    reserved",
        "order report fill",
    ]
    assert rows[0].count("█") > rows[1].count("█") > 0
    assert "◆" in rows[2]


@pytest.mark.parametrize("width", [-2, 0, 20])
def test_a_pane_that_is_hidden_or_narrow_is_drawn_all_the_same(width: int) -> None:
    assert "POST /orders" in waterfall(nested(SPANS), width).plain
    assert "now 2" in curve(Measure("bff", "open", "", {}, [(1, 1.0), (2, 2.0)]), width, width).plain


def test_what_has_nothing_yet_says_so() -> None:
    assert waterfall([], 80).plain == "nothing yet"
    assert curve(Measure("bff", "open", ""), 80, 8).plain == "bff open: nothing yet"


def test_a_log_line_says_what_happened_before_the_ids() -> None:
    text = log_line(TRACE[1]).plain
    assert text.startswith("07:10:00.012 orders          info     request method=POST path=/orders status=201 ms=8.0 ")
    assert text.endswith("trace_id=a order_id=o1")


def test_a_state_has_its_colour() -> None:
    use(THEMES[0])
    assert state("ready").style == THEMES[0].success
    assert state("down").style == f"bold {THEMES[0].error}"
    assert state("odd").style == ""
