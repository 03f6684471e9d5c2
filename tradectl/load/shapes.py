"""How many requests a second are due when: lines between points, so that a schedule is exact."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

Point = tuple[float, float]
"""Seconds since the begin, and requests a second."""


@dataclass(frozen=True)
class Shape:
    """A rate over time. Two points at one time are a step."""

    points: Sequence[Point]

    @property
    def duration(self) -> float:
        return self.points[-1][0]

    def rate(self, time: float) -> float:
        """Requests a second due at a time; none after the end."""
        for (begin, low), (end, high) in pairwise(self.points):
            if begin <= time < end:
                return low + (high - low) * (time - begin) / (end - begin)
        return 0.0

    def counts(self) -> list[float]:
        """How many requests are due up to each point."""
        sums = [0.0]
        for (begin, low), (end, high) in pairwise(self.points):
            sums.append(sums[-1] + (end - begin) * (low + high) / 2)
        return sums

    @property
    def total(self) -> float:
        """How many are due in all."""
        return self.counts()[-1]

    def when(self, count: float) -> float | None:
        """The time by which so many are due; None when there are never so many."""
        sums = self.counts()
        place = bisect_right(sums, count) - 1
        if place >= len(self.points) - 1:
            return None
        (begin, low), (end, high) = self.points[place], self.points[place + 1]
        return begin + _reached(low, (high - low) / (end - begin), count - sums[place])


def _reached(rate: float, slope: float, count: float) -> float:
    """Seconds until so many are due, when the rate begins here and rises by ``slope`` a second."""
    if abs(slope) < 1e-12:
        return count / rate
    return (sqrt(max(0.0, rate * rate + 2 * slope * count)) - rate) / slope


def steady(rate: float, duration: float) -> Shape:
    """The same from the begin to the end."""
    return Shape([(0.0, rate), (duration, rate)])


def ramp(rate: float, duration: float) -> Shape:
    """From nothing to the rate."""
    return Shape([(0.0, 0.0), (duration, rate)])


def spike(rate: float, duration: float) -> Shape:
    """A fifth of the time, in the middle, four times the rate."""
    begin, end = duration * 0.4, duration * 0.6
    return Shape([(0.0, rate), (begin, rate), (begin, 4 * rate), (end, 4 * rate), (end, rate), (duration, rate)])


def stress(rate: float, duration: float) -> Shape:
    """Ten steps, from a fifth of the rate to twice the rate: where does it break?"""
    steps = 10
    points: list[Point] = []
    for step in range(steps):
        level = rate * 2 * (step + 1) / steps
        points += [(duration * step / steps, level), (duration * (step + 1) / steps, level)]
    return Shape(points)


SHAPES: Mapping[str, Callable[[float, float], Shape]] = {
    "steady": steady,
    "ramp": ramp,
    "spike": spike,
    "soak": steady,
    "stress": stress,
}
"""A soak is steady, and long: what it is held to are memory and errors."""
