"""The chart: candles with curves over them, volume and an indicator below, price and time at its edges."""

from collections.abc import Sequence
from dataclasses import dataclass

from tradectl.tui.figures import number
from tradectl.tui.widgets.alphabet import Alphabet
from tradectl.tui.widgets.bars import Bar, labels, moment
from tradectl.tui.widgets.candles import draw_candles, draw_lines, draw_volume
from tradectl.tui.widgets.grid import Grid
from tradectl.tui.widgets.indicators import Line
from tradectl.tui.widgets.rows import Row, Span, fitted, merged
from tradectl.tui.widgets.scale import Scale, digits_of, round_step, scale_of, short

RIGHT_AIR = 2
"""Columns between the last candle and the axis."""


@dataclass(frozen=True)
class View:
    """What of the chart is shown, and how: ``back`` bars are scrolled out at the right, ``digits`` are the price's."""

    style: str = "candles"
    pitch: int = 2
    back: int = 0
    digits: int = 2
    pointed: int | None = None
    """The column that the crosshair is on."""


@dataclass(frozen=True)
class Panes:
    """How the lines are shared out: legend, prices, volume, indicator, times."""

    prices: int
    volume: int
    study: int

    @classmethod
    def of(cls, height: int, with_study: bool) -> "Panes":
        """A small chart has prices alone."""
        free = max(height - 2, 1)
        study = max(free // 5, 3) if with_study and free >= 14 else 0
        volume = max(free // 6, 2) if free >= 10 else 0
        return cls(free - volume - study, volume, study)


@dataclass(frozen=True)
class Frame:
    """Which bars are shown: ``axis`` columns at the right are the prices'."""

    shown: slice
    axis: int

    @classmethod
    def of(cls, bars: Sequence[Bar], view: View, width: int) -> "Frame":
        """As many as fit, up to the last one or those that are scrolled out."""
        highest = max(bars, key=lambda each: each.high)
        axis = len(_price(highest.high, view.digits)) + 2
        room = max((width - axis - RIGHT_AIR) // view.pitch, 1)
        end = max(len(bars) - view.back, min(room, len(bars)))
        return cls(slice(max(end - room, 0), end), axis)


@dataclass(frozen=True)
class Curves:
    """Curves of the bars that are shown: over the candles, and in a pane below with its levels."""

    over: Sequence[Line] = ()
    below: Sequence[Line] = ()
    levels: tuple[float, ...] = ()


def chart_rows(
    bars: Sequence[Bar], view: View, frame: Frame, curves: Curves, size: tuple[int, int], alphabet: Alphabet
) -> list[Row]:
    """The whole chart in width and height; ``bars`` are all there are, oldest first, at least one."""
    width, height = size
    panes = Panes.of(height, bool(curves.below))
    grid = Grid(width - frame.axis, height - 2)
    drawing = _Drawing(bars[frame.shown], view, grid, frame.axis, panes, alphabet)
    body = drawing.rows(curves, bars[-1])
    return [drawing.legend(width), *body, drawing.times(width)]


def _price(value: float, digits: int) -> str:
    return number(value, digits)


class _Drawing:
    """One chart while it is drawn."""

    def __init__(
        self, bars: Sequence[Bar], view: View, grid: Grid, axis: int, panes: Panes, alphabet: Alphabet
    ) -> None:
        self.bars = bars
        self.view = view
        self.grid = grid
        self.axis = axis
        self.panes = panes
        self.alphabet = alphabet

    def rows(self, curves: Curves, last: Bar) -> list[Row]:
        """Prices, volume and indicator, with their axis at the right; the last price has a tag there."""
        spans = [value for line in curves.over for value in line.values if value is not None]
        scale = scale_of(
            [bar.high for bar in self.bars] + [bar.low for bar in self.bars] + spans, self.panes.prices * 2
        )
        marks = self._prices(scale, last)
        self._series(scale, curves.over)
        if self.panes.volume:
            top = self.panes.prices
            draw_volume(self.grid, self.bars, top, self.panes.volume, self.view.pitch, self.alphabet)
            marks[top] = (" " + short(max(bar.volume for bar in self.bars)), "dim")
        if curves.below:
            marks |= self._study(curves.below, curves.levels)
            self._name(curves.below, self.panes.prices + self.panes.volume)
        self._name(curves.over, 0)
        self._rules(scale, last)
        return [
            merged(
                [*row, ((marks[y][0] if y in marks else "").ljust(self.axis)[: self.axis], marks.get(y, ("", ""))[1])]
            )
            for y, row in enumerate(self.grid.rows())
        ]

    def legend(self, width: int) -> Row:
        """What the bar under the crosshair, or else the last one, says."""
        index = self._pointed()
        bar = self.bars[index]
        before = self.bars[index - 1].close if index else bar.open
        change = (bar.close / before - 1) * 100 if before else 0.0
        ink = "up" if bar.close >= before else "down"
        spans: list[Span] = [(f"{moment(bar.start):%m-%d %H:%M} ", "dim")]
        for name, value in zip("OHLC", (bar.open, bar.high, bar.low, bar.close), strict=True):
            spans += [(f" {name} ", "dim"), (_price(value, self.view.digits), ink)]
        spans += [(f"  {change:+.2f}%", ink), ("  V ", "dim"), (short(bar.volume), "")]
        return fitted(tuple(spans), width)

    def _name(self, lines: Sequence[Line], y: int) -> None:
        """Names and values of curves, in the corner of their pane."""
        x = 1
        for line in lines:
            value = line.values[self._pointed()]
            if line.name and value is not None:
                text = f"{line.name} {_price(value, self.view.digits)}"
                self.grid.text(x, y, text, line.ink)
                x += len(text) + 2

    def times(self, width: int) -> Row:
        """The time axis."""
        line = [" "] * width
        for index, label in labels(self.bars, self.view.pitch):
            at = index * self.view.pitch
            if at + len(label) <= width:
                line[at : at + len(label)] = label
        return (("".join(line), "dim"),)

    def _pointed(self) -> int:
        if self.view.pointed is None:
            return len(self.bars) - 1
        return max(0, min(self.view.pointed // self.view.pitch, len(self.bars) - 1))

    def _series(self, scale: Scale, overlay: Sequence[Line]) -> None:
        top, pitch = (0, self.panes.prices), self.view.pitch
        span = (scale.low, scale.high)
        if self.view.style == "line":
            closes = Line("", [bar.close for bar in self.bars], "strong")
            draw_lines(self.grid, [closes], span, top, pitch, self.alphabet)
        else:
            draw_candles(self.grid, self.bars, scale, pitch, self.alphabet)
        draw_lines(self.grid, overlay, span, top, pitch, self.alphabet)

    def _prices(self, scale: Scale, last: Bar) -> dict[int, Span]:
        """The price axis: round prices, and over them the last one."""
        steps = scale.steps(max(self.panes.prices // 4, 2))
        step = round_step((scale.high - scale.low) / max(self.panes.prices // 4, 2))
        digits = max(min(digits_of(step), self.view.digits), 0)
        marks = {scale.pixel(price) // 2: (" " + _price(price, digits), "dim") for price in steps}
        line = scale.pixel(last.close) // 2
        if 0 <= line < self.panes.prices:
            ink = "up tag" if last.rises else "down tag"
            marks[line] = ((" " + _price(last.close, self.view.digits)).ljust(self.axis), ink)
        return marks

    def _study(self, study: Sequence[Line], levels: Sequence[float]) -> dict[int, Span]:
        values = [value for line in study for value in line.values if value is not None]
        top, lines = self.panes.prices + self.panes.volume, self.panes.study
        scale = scale_of([*values, *levels], lines)
        draw_lines(self.grid, study, (scale.low, scale.high), (top, lines), self.view.pitch, self.alphabet)
        marks = {}
        for level in levels:
            y = top + scale.pixel(level)
            self._rule(y, "grid")
            marks[y] = (f" {level:g}", "dim")
        return marks

    def _rules(self, scale: Scale, last: Bar) -> None:
        """The crosshair, the last price, and lines at round prices, all behind what is drawn."""
        if self.view.pointed is not None:
            column = self._pointed() * self.view.pitch
            for y in range(self.grid.height):
                self.grid.under(column, y, self.alphabet.rule, "dim")
        line = scale.pixel(last.close) // 2
        if 0 <= line < self.panes.prices:
            self._rule(line, "up faint" if last.rises else "down faint")
        for price in scale.steps(max(self.panes.prices // 4, 2)):
            self._rule(scale.pixel(price) // 2, "grid")

    def _rule(self, y: int, ink: str) -> None:
        for x in range(self.grid.width):
            self.grid.under(x, y, self.alphabet.dot, ink)
