import pytest

from tests.unit.tradectl.tui.widgets.plain import texts
from tradectl.tui.widgets.alphabet import ASCII, UNICODE, chosen
from tradectl.tui.widgets.bars import Bar
from tradectl.tui.widgets.candles import draw_candles, draw_lines, draw_volume
from tradectl.tui.widgets.grid import Grid
from tradectl.tui.widgets.indicators import Line
from tradectl.tui.widgets.scale import Scale

RISING = Bar(0, 2, 7, 0, 5, 10)
FALLING = Bar(60, 5, 5, 2, 2, 40)
SCALE = Scale(0, 7, 8)


def test_a_candle_without_a_gap_is_a_heavy_line_between_wicks() -> None:
    grid = Grid(2, 4)
    draw_candles(grid, [RISING, FALLING], SCALE, 1, UNICODE)
    assert texts(grid.rows()) == ["│", "┃┃", "┃┃", "│"]
    assert grid.rows()[1] == (("┃", "up"), ("┃", "down"))


def test_half_a_cell_is_told_from_a_whole_one() -> None:
    grid = Grid(1, 4)
    draw_candles(grid, [Bar(0, 1, 6, 0, 4, 1)], SCALE, 1, UNICODE)
    assert texts(grid.rows()) == ["╷", "╽", "┃", "╿"]


def test_a_wide_candle_has_its_wick_in_the_middle() -> None:
    grid = Grid(4, 4)
    draw_candles(grid, [RISING], SCALE, 4, UNICODE)
    assert texts(grid.rows()) == [" │", "███", "███", " │"]


def test_ascii_does_without_blocks() -> None:
    grid = Grid(2, 4)
    draw_candles(grid, [RISING, FALLING], SCALE, 1, ASCII)
    assert texts(grid.rows()) == ["|", "O#", "O#", "|"]


def test_without_colour_a_rising_candle_is_hollow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    grid = Grid(4, 4)
    draw_candles(grid, [RISING, FALLING], SCALE, 2, chosen())
    assert texts(grid.rows()) == ["│", "░ █", "░ █", "│"]


def test_the_largest_volume_is_as_high_as_its_pane() -> None:
    grid = Grid(4, 2)
    draw_volume(grid, [RISING, FALLING], 0, 2, 2, UNICODE)
    assert texts(grid.rows()) == ["  █", "▄ █"]


def test_a_curve_has_no_value_where_its_indicator_has_none() -> None:
    grid = Grid(3, 1)
    draw_lines(grid, [Line("", [None, 1.0, 1.0], "first")], (0, 2), (0, 1), 1, ASCII)
    assert texts(grid.rows()) == [" **"]
