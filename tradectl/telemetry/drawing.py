"""Bars and curves as text, one character a column, for whoever draws them."""

from collections.abc import Sequence
from itertools import pairwise

BLOCKS = "▁▂▃▄▅▆▇█"
EIGHTHS = f" {BLOCKS}"
ASCII_BLOCKS = "_.-=+*#@"
ASCII_EIGHTHS = f" {ASCII_BLOCKS}"
BAR, MOMENT = "█", "◆"
ASCII_BAR, ASCII_MOMENT = "#", "*"


def bar(began: int, ended: int, first: int, last: int, width: int, *, ascii_only: bool = False) -> str:
    """Where a time lies between the first and the last moment of a row; what is too short to see is a mark."""
    block, moment = (ASCII_BAR, ASCII_MOMENT) if ascii_only else (BAR, MOMENT)
    whole = max(last - first, 1)
    start = min((began - first) * width // whole, width - 1)
    if began == ended:
        return " " * start + moment
    end = min(-(-(ended - first) * width // whole), width)
    return " " * start + block * max(end - start, 1)


def spark(values: Sequence[float], width: int, *, ascii_only: bool = False) -> str:
    """The last values between nothing and the largest; of several in one column the largest is drawn."""
    blocks = ASCII_BLOCKS if ascii_only else BLOCKS
    shown = columns(values, width)
    lowest = min([*shown, 0.0])
    span = max([*shown, 0.0]) - lowest
    if span == 0:
        return blocks[0] * len(shown)
    return "".join(blocks[round((value - lowest) / span * (len(blocks) - 1))] for value in shown)


def columns(values: Sequence[float], width: int) -> list[float]:
    """So many columns at most; each is the largest of the values that it stands for."""
    if len(values) <= width:
        return list(values)
    ends = [round(column * len(values) / width) for column in range(width + 1)]
    return [max(values[start:end]) for start, end in pairwise(ends)]


def number(value: float | None, unit: str = "") -> str:
    """Short, with a unit that fits: 12.3 ms, 203 MiB, 0.4 /s."""
    if value is None:
        return ""
    if unit == "s":
        return f"{value * 1_000:.3g} ms" if value < 1 else f"{value:.3g} s"
    if unit == "bytes":
        return f"{value / 2**20:.0f} MiB"
    text = f"{value:.0f}" if value >= 1_000 or value == int(value) else f"{value:.3g}"
    return f"{text} {unit}".rstrip()


def plot(values: Sequence[float], width: int, height: int, *, ascii_only: bool = False) -> list[tuple[float, str]]:
    """The last values as columns of eighths, so many lines high: each line with the value at its upper edge."""
    shown, steps = columns(values, width), ASCII_EIGHTHS if ascii_only else EIGHTHS
    most = max([*shown, 0.0]) or 1.0
    lines = []
    for row in range(height, 0, -1):
        eighths = (round((max(value, 0.0) / most * height - (row - 1)) * 8) for value in shown)
        lines.append((most * row / height, "".join(steps[min(max(count, 0), 8)] for count in eighths)))
    return lines
