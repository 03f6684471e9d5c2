"""Lines and bands as SVG, with nothing from outside: a report is one file that opens anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 860, 240
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 12, 30
COLOURS = ("#2563eb", "#dc2626", "#059669", "#d97706", "#7c3aed", "#0891b2", "#be185d", "#4d7c0f", "#6b7280", "#92400e")


@dataclass(frozen=True)
class Series:
    """A named line; its points are (x, y)."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Frame:
    """From values to places in the picture."""

    x: tuple[float, float]
    y: tuple[float, float]
    log: bool = False

    def across(self, x: float) -> float:
        low, high = self.x
        return LEFT + (x - low) / ((high - low) or 1) * (WIDTH - LEFT - RIGHT)

    def up(self, y: float) -> float:
        low, high = (log10(bound) for bound in self.y) if self.log else self.y
        value = log10(max(y, self.y[0])) if self.log else y
        return HEIGHT - BOTTOM - (value - low) / ((high - low) or 1) * (HEIGHT - TOP - BOTTOM)


def chart(lines: Sequence[Series], unit: str, *, log: bool = False, marks: Sequence[tuple[float, str]] = ()) -> str:
    """Lines over seconds; ``marks`` are levels with a name, such as a threshold. A word where there is nothing."""
    drawn = [line for line in lines if line.points]
    if not drawn:
        return "<p class='none'>nothing was measured</p>"
    frame = framed(drawn, marks, log=log)
    parts = [f"<svg viewBox='0 0 {WIDTH} {HEIGHT}' role='img' xmlns='http://www.w3.org/2000/svg'>"]
    parts += _grid(frame, unit)
    parts += [_mark(frame, level, name) for level, name in marks]
    for number, line in enumerate(drawn):
        parts += _line(frame, line, COLOURS[number % len(COLOURS)], number)
    return "".join([*parts, "</svg>"])


def framed(lines: Sequence[Series], marks: Sequence[tuple[float, str]], *, log: bool) -> Frame:
    """Wide enough for all of it."""
    xs = [x for line in lines for x, _ in line.points]
    ys = [y for line in lines for _, y in line.points] + [level for level, _ in marks]
    if log:
        above = [y for y in ys if y > 0] or [1.0]
        low, high = 10.0 ** floor(log10(min(above))), 10.0 ** ceil(log10(max(above)))
        return Frame((min(xs), max(xs)), (low, high if high > low else low * 10), log=True)
    return Frame((min(xs), max(xs)), (min(0.0, *ys) if len(ys) > 1 else 0.0, nice(max(ys))))


def nice(value: float) -> float:
    """The next round number above."""
    if value <= 0:
        return 1.0
    size = 10.0 ** floor(log10(value))
    return next(step * size for step in (1, 2, 2.5, 5, 10) if step * size >= value)


def ticks(frame: Frame) -> list[float]:
    """Levels with a label."""
    low, high = frame.y
    if frame.log:
        return [10.0**power for power in range(round(log10(low)), round(log10(high)) + 1)]
    return [low + (high - low) * step / 4 for step in range(5)]


def _grid(frame: Frame, unit: str) -> list[str]:
    right, base = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = []
    for level in ticks(frame):
        y = frame.up(level)
        parts.append(f"<line class='grid' x1='{LEFT}' x2='{right}' y1='{y:.1f}' y2='{y:.1f}'/>")
        parts.append(f"<text class='y' x='{LEFT - 6}' y='{y + 4:.1f}'>{level:g}</text>")
    for step in range(6):
        x = frame.x[0] + (frame.x[1] - frame.x[0]) * step / 5
        parts.append(f"<text class='x' x='{frame.across(x):.1f}' y='{base + 18}'>{x:.4g}</text>")
    return [*parts, f"<text class='unit' x='4' y='{TOP + 4}'>{escape(unit)}</text>"]


def _mark(frame: Frame, level: float, name: str) -> str:
    y = frame.up(level)
    line = f"<line class='mark' x1='{LEFT}' x2='{WIDTH - RIGHT}' y1='{y:.1f}' y2='{y:.1f}'/>"
    return f"{line}<text class='mark' x='{LEFT + 4}' y='{y - 4:.1f}'>{escape(name)}</text>"


def _line(frame: Frame, line: Series, colour: str, number: int) -> list[str]:
    path = " ".join(f"{frame.across(x):.1f},{frame.up(y):.1f}" for x, y in line.points)
    y = TOP + 10 + number * 16
    parts = [
        f"<polyline points='{path}' fill='none' stroke='{colour}' stroke-width='1.5'/>",
        f"<text x='{WIDTH - RIGHT + 12}' y='{y}' fill='{colour}'>{escape(line.name)}</text>",
    ]
    if len(line.points) <= 40:
        parts += [
            f"<circle cx='{frame.across(x):.1f}' cy='{frame.up(level):.1f}' r='2.5' fill='{colour}'/>"
            for x, level in line.points
        ]
    return parts
