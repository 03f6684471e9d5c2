"""A figure of the table: the median of interleaved pairs, measured in one run."""

import statistics
from collections.abc import Sequence
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
