"""Latencies counted in buckets that are one per cent wide, so that a second of any load is some dozen numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import ceil, exp, log
from typing import Self

WIDTH = log(1.01)
Counts = Mapping[int, int]
"""How many by bucket; bucket n holds what lies from 1.01^n to 1.01^(n+1) microseconds."""


def bucket_of(seconds: float) -> int:
    """A microsecond is the least that is told apart."""
    return int(log(max(seconds * 1e6, 1.0)) / WIDTH)


def seconds_of(bucket: int) -> float:
    """The middle of a bucket."""
    return exp((bucket + 0.5) * WIDTH) / 1e6


class Histogram:
    """How often which latency was seen."""

    def __init__(self, counts: Counts | None = None) -> None:
        self.counts: Counter[int] = Counter(counts or {})

    @classmethod
    def merged(cls, parts: Iterable[Counts]) -> Self:
        """All of them together."""
        whole = cls()
        for part in parts:
            whole.counts.update(part)
        return whole

    @property
    def total(self) -> int:
        return self.counts.total()

    def add(self, seconds: float) -> None:
        """One more."""
        self.counts[bucket_of(seconds)] += 1

    def quantile(self, share: float) -> float:
        """The latency, in seconds, that this share does not exceed; 0 where there is none."""
        wanted = ceil(share * self.total)
        seen = 0
        for bucket in sorted(self.counts):
            seen += self.counts[bucket]
            if seen >= wanted:
                return seconds_of(bucket)
        return 0.0

    def mean(self) -> float:
        """In seconds; 0 where there is none."""
        total = self.total
        return sum(seconds_of(bucket) * count for bucket, count in self.counts.items()) / total if total else 0.0
