import pytest

from tests.unit.tradectl.tui.widgets.plain import texts
from tradectl.tui.widgets.alphabet import Pixels
from tradectl.tui.widgets.canvas import Canvas
from tradectl.tui.widgets.grid import Grid


def _drawn(canvas: Canvas, width: int, height: int) -> list[str]:
    grid = Grid(width, height)
    canvas.draw_on(grid)
    return texts(grid.rows())


@pytest.mark.parametrize(("pixels", "size"), [("braille", (8, 12)), ("half", (4, 6)), ("ascii", (4, 3))])
def test_a_cell_has_as_many_pixels_as_its_alphabet_can_tell_apart(pixels: Pixels, size: tuple[int, int]) -> None:
    canvas = Canvas(4, 3, pixels)
    assert (canvas.width, canvas.height) == size


def test_braille_sets_one_dot_a_pixel() -> None:
    canvas = Canvas(1, 1)
    canvas.plot(0, 0)
    canvas.plot(1, 3)
    assert _drawn(canvas, 1, 1) == ["⢁"]


def test_half_blocks_tell_the_upper_from_the_lower() -> None:
    canvas = Canvas(3, 1, "half")
    for x, y in ((0, 0), (1, 1), (2, 0), (2, 1)):
        canvas.plot(x, y)
    assert _drawn(canvas, 3, 1) == ["▀▄█"]


def test_a_line_has_both_its_ends_and_no_gap() -> None:
    canvas = Canvas(4, 4, "ascii")
    canvas.line((3, 0), (0, 3))
    assert _drawn(canvas, 4, 4) == ["   *", "  *", " *", "*"]


def test_what_lies_outside_is_not_drawn() -> None:
    canvas = Canvas(2, 1, "ascii")
    canvas.line((-5, 0), (9, 0))
    assert _drawn(canvas, 2, 1) == ["**"]


def test_a_curve_stays_behind_what_stands_there() -> None:
    grid = Grid(2, 1)
    grid.put(0, 0, "█", "up")
    canvas = Canvas(2, 1, "ascii")
    canvas.line((0, 0), (1, 0), "first")
    canvas.draw_on(grid)
    assert grid.rows() == [(("█", "up"), ("*", "first"))]
