"""Curves over time, such as equity or a metric, on one pair of axes."""

from collections.abc import Sequence
from dataclasses import dataclass

from tradectl.tui.figures import number
from tradectl.tui.widgets.alphabet import UNICODE, Alphabet
from tradectl.tui.widgets.bars import DAY, moment
from tradectl.tui.widgets.canvas import Canvas
from tradectl.tui.widgets.grid import Grid
from tradectl.tui.widgets.lined import Lined
from tradectl.tui.widgets.rows import Row, merged
from tradectl.tui.widgets.scale import Scale, digits_of, round_step, scale_of

Point = tuple[int, float]
"""Microseconds UTC, and a value."""


@dataclass(frozen=True)
class Series:
    """Points in the order of their times, and the ink of their curve."""

    points: Sequence[Point]
    ink: str = "first"


def curve_rows(
    series: Sequence[Series], width: int, height: int, alphabet: Alphabet = UNICODE, base: float | None = None
) -> list[Row]:
    """All curves between their first and last time; ``base`` is a value that a line marks, the start for example."""
    points = [point for each in series for point in each.points]
    if len(points) < 2 or height < 3 or width < 16:
        return []
    known = [value for _, value in points] + ([] if base is None else [base])
    labels = _labels(known, height - 1)
    axis = max(len(label) for label in labels.values()) + 1 if labels else 1
    canvas = Canvas(width - axis, height - 1, alphabet.pixels)
    scale = scale_of(known, canvas.height)
    span = (min(time for time, _ in points), max(time for time, _ in points))
    for each in series:
        _draw(canvas, each, span, scale)
    grid = Grid(width - axis, height - 1)
    canvas.draw_on(grid)
    if base is not None:
        _rule(grid, scale.pixel(base) // canvas.down, alphabet.dot, "dim")
    for line in labels:
        _rule(grid, line, alphabet.dot, "grid")
    body = [merged([*row, ((" " + labels.get(y, "")).ljust(axis), "dim")]) for y, row in enumerate(grid.rows())]
    return [*body, _times(span, width - axis, width)]


def _labels(known: list[float], lines: int) -> dict[int, str]:
    """Round values by the line that they stand on."""
    scale = scale_of(known, lines)
    most = max(lines // 3, 1)
    digits = digits_of(round_step((scale.high - scale.low) / most))
    return {scale.pixel(value): number(value, digits) for value in scale.steps(most)}


def _draw(canvas: Canvas, series: Series, span: tuple[int, int], scale: Scale) -> None:
    start, length = span[0], max(span[1] - span[0], 1)
    before: tuple[int, int] | None = None
    for time, value in series.points:
        here = ((time - start) * (canvas.width - 1) // length, scale.pixel(value))
        canvas.line(before or here, here, series.ink)
        before = here


def _rule(grid: Grid, y: int, char: str, ink: str) -> None:
    for x in range(grid.width):
        grid.under(x, y, char, ink)


def _times(span: tuple[int, int], room: int, width: int) -> Row:
    """First and last time below the curve, with the middle where there is room."""
    form = "%m-%d" if span[1] - span[0] > 2 * DAY else "%H:%M"
    start, middle, end = (f"{moment(time):{form}}" for time in (span[0], sum(span) // 2, span[1]))
    if room < 3 * len(start) + 4:
        start, middle = (start if room > 2 * len(start) else ""), ""
    return ((f"{start}{middle.center(room - len(start) - len(end))}{end}".ljust(width), "dim"),)


class Curve(Lined):
    """Curves that a screen gives; ``empty`` stands there while there are none."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.empty = ""
        self._series: tuple[Series, ...] = ()
        self._base: float | None = None

    def show(self, *series: Series, base: float | None = None) -> None:
        """These instead of what is shown; they are drawn at the next ``paint``."""
        self._series, self._base = series, base
        self.touch()

    def rows(self, width: int, height: int) -> list[Row]:
        """The curves, or a word for want of them."""
        found = curve_rows(self._series, width, height, self.alphabet, self._base)
        return found or [()] * (height // 2) + [((self.empty.center(width), "dim"),)]
