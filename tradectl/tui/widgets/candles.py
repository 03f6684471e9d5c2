"""Candles, volume and curves in a grid: pure drawing, no widget."""

from collections.abc import Sequence

from tradectl.tui.widgets.alphabet import Alphabet
from tradectl.tui.widgets.bars import Bar
from tradectl.tui.widgets.canvas import Canvas
from tradectl.tui.widgets.grid import Grid
from tradectl.tui.widgets.indicators import Line
from tradectl.tui.widgets.scale import Scale

PITCHES = (1, 2, 4, 6)
"""Columns of a candle with the gap behind it; without a gap it is a heavy line, else a block."""


def width_of(pitch: int) -> int:
    """Columns of the candle alone; odd, for the wick is in their middle."""
    return 1 if pitch <= 2 else pitch - 1


def draw_candles(grid: Grid, bars: Sequence[Bar], scale: Scale, pitch: int, alphabet: Alphabet) -> None:
    """Candles from the left; ``scale`` counts half cells from the grid's top."""
    for index, bar in enumerate(bars):
        _draw_candle(grid, bar, scale, index * pitch, pitch, alphabet)


def _draw_candle(grid: Grid, bar: Bar, scale: Scale, x: int, pitch: int, alphabet: Alphabet) -> None:
    wick_top, wick_end = scale.pixel(bar.high), scale.pixel(bar.low)
    body_top, body_end = scale.pixel(max(bar.open, bar.close)), scale.pixel(min(bar.open, bar.close))
    ink, width = "up" if bar.rises else "down", width_of(pitch)
    instead = alphabet.hollow if bar.rises else {}

    def part(y: int) -> int:
        return 2 if body_top <= y <= body_end else 1 if wick_top <= y <= wick_end else 0

    for line in range(max(wick_top // 2, 0), min(wick_end // 2, grid.height - 1) + 1):
        index = 3 * part(2 * line) + part(2 * line + 1)
        for column in range(width):
            chars = alphabet.thin if pitch == 1 else alphabet.core if column == width // 2 else alphabet.wide
            if chars[index] != " ":
                grid.put(x + column, line, instead.get(chars[index], chars[index]), ink)


def draw_volume(grid: Grid, bars: Sequence[Bar], top: int, lines: int, pitch: int, alphabet: Alphabet) -> None:
    """Volumes as bars that stand on the last of ``lines``, the largest as high as all of them."""
    most = max((bar.volume for bar in bars), default=0.0)
    if most <= 0 or lines <= 0:
        return
    full = len(alphabet.bars) - 1
    for index, bar in enumerate(bars):
        level = max(round(bar.volume / most * lines * full), 1 if bar.volume > 0 else 0)
        ink = "up faint" if bar.rises else "down faint"
        for line in range(lines):
            char = alphabet.bars[max(0, min(full, level - line * full))]
            if char != " ":
                for column in range(width_of(pitch)):
                    grid.put(index * pitch + column, top + lines - 1 - line, char, ink)


def draw_lines(
    grid: Grid, lines: Sequence[Line], scale: tuple[float, float], area: tuple[int, int], pitch: int, alphabet: Alphabet
) -> None:
    """Curves behind what stands there already; ``scale`` is lowest and highest value, ``area`` top and lines."""
    top, height = area
    canvas = Canvas(grid.width, height, alphabet.pixels)
    pixels = Scale(*scale, canvas.height)
    across = canvas.across
    middle = width_of(pitch) // 2
    for line in lines:
        before: tuple[int, int] | None = None
        for index, value in enumerate(line.values):
            if value is None:
                before = None
                continue
            here = ((index * pitch + middle) * across, pixels.pixel(value))
            canvas.line(before or here, here, line.ink)
            before = here
    canvas.draw_on(grid, 0, top)
