"""What counts, holds or spreads a metric's values: plain dictionaries of one event loop, read when a page is made.

A client library's own would take a lock for each value; here an increment is a look into a dictionary.
"""

import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from services.contracts.metrics import Metric
from services.runtime import trace

MOST = 300
"""Label sets of one metric: what comes after them is counted together, so that no page grows without an end."""
OTHER = "_OTHER"
Labels = tuple[str, ...]
Values = Callable[[], Mapping[Labels, float]]


class Seen(NamedTuple):
    """A value of which more is known: the trace that it belongs to (an exemplar); ``at`` is in seconds since 1970."""

    trace_id: str
    value: float
    at: float


class Sample(NamedTuple):
    """One line of the page."""

    suffix: str
    labels: Mapping[str, str]
    value: float
    seen: Seen | None = None


class Counter:
    """``inc`` takes the values of the labels in their order."""

    suffix = "_total"

    def __init__(self, metric: Metric) -> None:
        self.metric = metric
        self.values: dict[Labels, float] = {} if metric.labels else {(): 0}
        self._sources: list[Values] = []

    def inc(self, *labels: str, by: float = 1) -> None:
        if labels not in self.values and len(self.values) >= MOST:
            labels = (OTHER,) * len(labels)
        self.values[labels] = self.values.get(labels, 0) + by

    def read(self, value: Callable[[], float], *labels: str) -> None:
        """Ask for a value when a page is made."""
        self.read_all(lambda: {labels: value()})

    def read_all(self, values: Values) -> None:
        """Ask for values by their labels when a page is made."""
        self.values.pop((), None)
        self._sources.append(values)

    def samples(self) -> Iterator[Sample]:
        for values in (self.values, *(source() for source in self._sources)):
            for labels, value in values.items():
                yield Sample(self.suffix, dict(zip(self.metric.labels, labels, strict=True)), value)


class Gauge(Counter):
    """What is so now."""

    suffix = ""

    def set(self, value: float, *labels: str) -> None:
        self.values[labels] = value

    def replace(self, values: Mapping[Labels, float]) -> None:
        """All label sets at once: what is not among them is no more."""
        self.values = dict(values)


class Spread:
    """One label set of a histogram."""

    __slots__ = ("bounds", "counts", "last", "sum")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.last: list[Seen | None] = [None] * (len(bounds) + 1)
        self.sum = 0.0

    def observe(self, value: float) -> None:
        """Count a value; the trace at hand is its exemplar."""
        bucket = bisect_left(self.bounds, value)
        self.counts[bucket] += 1
        self.sum += value
        span = trace.current()
        if span is not None:
            self.last[bucket] = Seen(span.trace_id, value, time.time())

    @property
    def count(self) -> int:
        return sum(self.counts)


class Histogram:
    """Spreads by labels."""

    def __init__(self, metric: Metric) -> None:
        self.metric = metric
        self.spreads: dict[Labels, Spread] = {}
        if not metric.labels:
            self.of()

    def of(self, *labels: str) -> Spread:
        """The spread of these labels; who observes often keeps it."""
        spread = self.spreads.get(labels)
        if spread is None and len(self.spreads) >= MOST:
            labels = (OTHER,) * len(labels)
            spread = self.spreads.get(labels)
        if spread is None:
            spread = self.spreads[labels] = Spread(self.metric.buckets)
        return spread

    def observe(self, value: float, *labels: str) -> None:
        self.of(*labels).observe(value)

    def samples(self) -> Iterator[Sample]:
        for labels, spread in self.spreads.items():
            named = dict(zip(self.metric.labels, labels, strict=True))
            reached = 0
            for bound, count, seen in zip((*spread.bounds, None), spread.counts, spread.last, strict=True):
                reached += count
                yield Sample("_bucket", {**named, "le": "+Inf" if bound is None else str(bound)}, reached, seen)
            yield Sample("_count", named, reached)
            yield Sample("_sum", named, spread.sum)


Instrument = Counter | Gauge | Histogram
