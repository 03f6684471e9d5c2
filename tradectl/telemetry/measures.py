"""What a person reads out of series: rates of counters, quantiles of histograms, gauges as they are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

from tradectl.telemetry.source import Point, Series

BUCKET, COUNT, SUM, TOTAL = "_bucket", "_count", "_sum", "_total"
MICROSECONDS = 1_000_000
SHARES = {"p50": 0.5, "p99": 0.99}
CORES, SECONDS = "cores", "s"
UNITS = {"process_cpu_seconds": CORES, "process_resident_memory": "bytes"}
"""Of what a rate or a gauge of this name is; a rate is else so many a second."""


@dataclass(frozen=True)
class Measure:
    """``name`` is that of the metric with what was made of it: ``order_ack_seconds p99``; floats are for drawing."""

    part: str
    name: str
    unit: str
    labels: Mapping[str, str] = field(default_factory=dict)
    points: Sequence[Point] = ()

    @property
    def values(self) -> list[float]:
        return [value for _, value in self.points]

    @property
    def now(self) -> float | None:
        """The last value; none where there was not yet any."""
        return self.points[-1][1] if self.points else None


def measures(series: Iterable[Series], *, by_label: bool = False) -> list[Measure]:
    """One a part and metric, or also a label set; by part and name."""
    groups: dict[tuple[str, str, str], list[Series]] = defaultdict(list)
    for each in series:
        labels = {name: value for name, value in each.labels.items() if name != "le"} if by_label else {}
        groups[each.part, base_of(each.name), repr(sorted(labels.items()))].append(each)
    found = [measure for (part, base, _), of in groups.items() for measure in _of_group(part, base, of, by_label)]
    return sorted(found, key=lambda measure: (measure.part, measure.name, sorted(measure.labels.items())))


def base_of(name: str) -> str:
    """A metric's name without what tells its samples apart."""
    for ending in (BUCKET, COUNT, SUM, TOTAL):
        if name.endswith(ending):
            return name.removesuffix(ending)
    return name


def _of_group(part: str, base: str, series: Sequence[Series], by_label: bool) -> Iterable[Measure]:
    labels = {name: value for name, value in series[0].labels.items() if name != "le"} if by_label else {}
    unit = UNITS.get(base.removesuffix("_bytes"), "")
    kinds: dict[str, list[Series]] = defaultdict(list)
    for each in series:
        kinds[each.name.removeprefix(base)].append(each)
    if counted := kinds.get(COUNT) or kinds.get(TOTAL):
        yield Measure(part, f"{base} rate", unit or "/s", labels, summed(map(rate, counted)))
    if buckets := kinds.get(BUCKET):
        bounds = grown(buckets)
        for name, share in SHARES.items():
            yield Measure(part, f"{base} {name}", SECONDS, labels, quantiles(bounds, share))
    if gauges := kinds.get(""):
        yield Measure(part, base, unit, labels, summed(each.points for each in gauges))


def rate(series: Series) -> list[Point]:
    """How much a counter grew a second, at each look but the first."""
    return [(time, grew / seconds) for time, grew, seconds in _growth(series.points)]


def _growth(points: Sequence[Point]) -> Iterable[tuple[int, float, float]]:
    """Look by look: when, by how much, in how many seconds. A counter that fell began anew with its process."""
    for (before, old), (time, new) in pairwise(points):
        yield time, new - old if new >= old else new, (time - before) / MICROSECONDS


def summed(series: Iterable[Sequence[Point]]) -> list[Point]:
    """All together, look by look; one that came later counts from then on."""
    at: dict[int, float] = defaultdict(float)
    for points in series:
        for time, value in points:
            at[time] += value
    return sorted(at.items())


def grown(buckets: Iterable[Series]) -> dict[float, dict[int, float]]:
    """By upper bound, look by look: how many came that did not exceed it."""
    found: dict[float, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for each in buckets:
        bound = float(each.labels.get("le", "inf").replace("+Inf", "inf"))
        for time, grew, _ in _growth(each.points):
            found[bound][time] += grew
    return found


def quantiles(bounds: Mapping[float, Mapping[int, float]], share: float) -> list[Point]:
    """At each look at which anything came: the value that this share of it did not exceed."""
    times = sorted({time for counts in bounds.values() for time in counts})
    found = (
        (time, quantile({bound: counts.get(time, 0.0) for bound, counts in bounds.items()}, share)) for time in times
    )
    return [(time, value) for time, value in found if value is not None]


def quantile(counts: Mapping[float, float], share: float) -> float | None:
    """As Prometheus does: straight between a bucket's bounds; above the last one, the last one. None of nothing."""
    total = counts.get(inf, max(counts.values(), default=0.0))
    if total <= 0:
        return None
    wanted, below, lower = share * total, 0.0, 0.0
    for bound in sorted(counts):
        count = counts[bound]
        if count >= wanted:
            if bound == inf or count == below:
                return lower
            return lower + (bound - lower) * (wanted - below) / (count - below)
        below, lower = count, bound
    return lower
