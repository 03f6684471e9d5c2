"""Two runs held against each other: what got worse, and how sure that is.

Seconds are no independent draws: a slow one is followed by a slow one. So blocks of neighbouring seconds are drawn
(a moving-block bootstrap), and the interval is that of the ratio over many such draws.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isqrt
from random import Random
from typing import TypeVar

from tradectl.load.histogram import Histogram
from tradectl.load.measured import Measurement
from tradectl.load.recorder import Second

T = TypeVar("T")
DRAWS = 400
SURE = 0.95
NOTABLE = 0.05
"""A change that is certain and smaller than this is none that anybody would act on."""
QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
FEWEST = 30
"""Requests below which a quantile of a kind says nothing."""


@dataclass(frozen=True)
class Change:
    """``before`` and ``after`` in seconds or shares; ``low`` and ``high`` bound the ratio after / before."""

    what: str
    before: float
    after: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """``worse`` or ``better`` when the whole interval says so and it is notable; else ``the same``."""
        if self.low > 1 and self.after > self.before * (1 + NOTABLE):
            return "worse"
        if self.high < 1 and self.after < self.before * (1 - NOTABLE):
            return "better"
        return "the same"


def compare(before: Measurement, after: Measurement, seed: int = 1, draws: int = DRAWS) -> list[Change]:
    """Every quantile of every kind of request that both runs have, and the share of errors."""
    names = [name for name in before.names if name in after.names]
    enough = [name for name in names if min(before.count(name), after.count(name)) >= FEWEST]
    chance = Random(f"{seed}:bootstrap")
    changes = [change for name in enough for change in _latencies(name, before, after, chance, draws)]
    return [*changes, _errors(before, after, chance, draws)]


def _latencies(name: str, before: Measurement, after: Measurement, chance: Random, draws: int) -> list[Change]:
    first = [_drawn(before.seconds, chance, _histogram_of(name)) for _ in range(draws)]
    second = [_drawn(after.seconds, chance, _histogram_of(name)) for _ in range(draws)]
    found = []
    for label, share in QUANTILES.items():
        ratios = [
            b.quantile(share) / a.quantile(share) for a, b in zip(first, second, strict=True) if a.total and b.total
        ]
        low, high = interval(ratios)
        found.append(Change(f"{label}({name})", before.quantile(name, share), after.quantile(name, share), low, high))
    return found


def _errors(before: Measurement, after: Measurement, chance: Random, draws: int) -> Change:
    """With half a failure added on both sides, so that none at all can be divided by."""
    ratios = [_drawn(after.seconds, chance, _failing) / _drawn(before.seconds, chance, _failing) for _ in range(draws)]
    low, high = interval(ratios)
    return Change("errors(*)", before.error_share("*"), after.error_share("*"), low, high)


def _histogram_of(name: str) -> Callable[[Sequence[Second]], Histogram]:
    return lambda seconds: Histogram.merged(each.kinds[name].counts for each in seconds if name in each.kinds)


def _failing(seconds: Sequence[Second]) -> float:
    kinds = [kind for second in seconds for kind in second.kinds.values()]
    unsent = sum(second.unsent for second in seconds)
    asked = sum(kind.counts.total() for kind in kinds) + unsent
    return (sum(kind.errors.total() for kind in kinds) + unsent + 0.5) / (asked + 0.5)


def _drawn(seconds: Sequence[Second], chance: Random, of: Callable[[Sequence[Second]], T]) -> T:
    """As many seconds, in blocks."""
    block = max(1, isqrt(len(seconds)))
    drawn: list[Second] = []
    while len(drawn) < len(seconds):
        begin = chance.randrange(max(1, len(seconds) - block + 1))
        drawn += seconds[begin : begin + block]
    return of(drawn[: len(seconds)])


def interval(values: Sequence[float]) -> tuple[float, float]:
    """What the middle of them lies between."""
    ordered = sorted(values)
    if not ordered:
        return 0.0, float("inf")
    cut = int(len(ordered) * (1 - SURE) / 2)
    return ordered[cut], ordered[-1 - cut]
