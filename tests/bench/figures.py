"""A figure of the table: the median of interleaved pairs, measured in one run."""

import statistics
from collections.abc import Sequence
from datetime import date
from typing import Literal, TypedDict

PAIRS = 7


class Figure(TypedDict):
    """One row; ``holds`` says whether the median reaches what it should."""

    figure: str
    value: float
    range: tuple[float, float]
    reach: str
    holds: bool


def figure(name: str, values: Sequence[float], limit: float, better: Literal["high", "low"], unit: str = "") -> Figure:
    """The median of what was measured against a limit."""
    median = statistics.median(values)
    sign, holds = ("≥", median >= limit) if better == "high" else ("≤", median <= limit)
    return Figure(
        figure=name, value=median, range=(min(values), max(values)), reach=f"{sign} {limit:g}{unit}", holds=holds
    )


def table(rows: list[Figure], day: date) -> str:
    """The figures as a Markdown table, with the day on which they were measured."""
    lines = ["| figure | measured (range) | reach | holds | on |", "|---|---|---|---|---|"]
    for row in rows:
        low, high = row["range"]
        holds = "yes" if row["holds"] else "**no**"
        measured = f"{row['value']:.2f} ({low:.2f} to {high:.2f})"
        lines.append(f"| {row['figure']} | {measured} | {row['reach']} | {holds} | {day} |")
    return "\n".join(lines)
