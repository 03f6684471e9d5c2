"""What was measured of a run, out of its seconds: quantiles, rates, errors, and whether the generator kept up."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tradectl.load.histogram import Histogram
from tradectl.load.observe import growth
from tradectl.load.recorder import Second
from tradectl.load.thresholds import ALL

STREAM = "stream"
"""What came by the WebSocket: no request of its own, so it counts in no rate and in no sum over all."""
LAG = 0.02
"""Seconds: a generator whose free users begin later than this, one in a hundred times, does not keep its schedule."""
BUSY = 0.9
"""Of a processor, on the average of a tenth of the run."""
UNSENT = "unsent"
BUSY_ANSWERS = ("429 ", "503 ", "504 ")
"""How a platform with too much to do refuses: by a code that its guide names (docs/guides/trader-api.md)."""


@dataclass(frozen=True)
class Saturation:
    """``why`` is empty when the generator kept its schedule; ``late`` is the share that found its user busy."""

    why: str
    lag_p99: float
    busy: float
    late: float


@dataclass
class Measurement:
    """A run's seconds; ``duration`` is that of its shape."""

    seconds: Sequence[Second]
    duration: float
    looks: list[Mapping[str, Any]] = field(default_factory=list)

    @cached_property
    def names(self) -> list[str]:
        """The kinds of requests that there were."""
        return sorted({name for second in self.seconds for name in second.kinds})

    @cached_property
    def _histograms(self) -> dict[str, Histogram]:
        own = {name: Histogram.merged(self._parts(name)) for name in self.names}
        return {**own, ALL: Histogram.merged(own[name].counts for name in self.names if name != STREAM)}

    @cached_property
    def errors(self) -> Mapping[str, Counter[str]]:
        """By kind of request: how often which failure. What was due and never sent is one, too."""
        found: dict[str, Counter[str]] = {}
        for second in self.seconds:
            for name, kind in second.kinds.items():
                found.setdefault(name, Counter()).update(kind.errors)
        if unsent := sum(second.unsent for second in self.seconds):
            found[UNSENT] = Counter({"never sent": unsent})
        return found

    def _parts(self, name: str) -> Iterable[Mapping[int, int]]:
        return (second.kinds[name].counts for second in self.seconds if name in second.kinds)

    def histogram(self, name: str) -> Histogram:
        """Of a kind of request, or of all."""
        return self._histograms.get(name) or Histogram()

    def quantile(self, name: str, share: float) -> float:
        return self.histogram(name).quantile(share)

    def mean(self, name: str) -> float:
        return self.histogram(name).mean()

    def count(self, name: str) -> int:
        return self.histogram(name).total

    def failed(self, name: str) -> int:
        """How many did not succeed."""
        if name != ALL:
            return self.errors.get(name, Counter()).total()
        return sum(counts.total() for counts in self.errors.values())

    def error_share(self, name: str) -> float:
        """Of all that was asked; what was never sent was asked as well."""
        asked = self.count(name) + (self.failed(UNSENT) if name == ALL else 0)
        return self.failed(name) / asked if asked else 0.0

    def unexpected_share(self, name: str) -> float:
        """As errors, without the refusals of a busy platform and without what was never sent."""
        kinds = [name] if name != ALL else self.names
        failed = (item for kind in kinds for item in self.errors.get(kind, Counter()).items())
        return sum(count for said, count in failed if not said.startswith(BUSY_ANSWERS)) / (self.count(name) or 1)

    def rate(self, name: str) -> float:
        """Successes a second of the time in which requests were due."""
        return (
            max(0, self.count(name) - self.failed(name) + (self.failed(UNSENT) if name == ALL else 0)) / self.duration
        )

    def memory_growth(self) -> float:
        return growth(self.looks, self.duration)

    def saturation(self) -> Saturation:
        """Whether the figures are the platform's, or those of a generator that could not keep up."""
        lag = Histogram.merged(second.lag for second in self.seconds).quantile(0.99)
        window = max(1, len(self.seconds) // 10)
        busy = [second.busy for second in self.seconds]
        busiest = max((sum(busy[i : i + window]) / window for i in range(max(1, len(busy) - window + 1))), default=0.0)
        due = sum(second.due for second in self.seconds)
        late = sum(second.late for second in self.seconds) / due if due else 0.0
        why = []
        if lag > LAG:
            why.append(f"one in a hundred requests of users who were free began {lag * 1_000:.0f} ms late or later")
        if busiest > BUSY:
            why.append(f"it used {busiest * 100:.0f} % of its processor")
        return Saturation("; ".join(why), lag, busiest, late)

    def summary(self) -> dict[str, dict[str, Any]]:
        """A row for each kind of request, and one for all; latencies in milliseconds."""
        return {name: self._row(name) for name in (*self.names, ALL)}

    def _row(self, name: str) -> dict[str, Any]:
        milliseconds = {
            f"p{share * 100:g}": round(self.quantile(name, share) * 1_000, 2) for share in (0.5, 0.9, 0.95, 0.99, 0.999)
        }
        return {
            "count": self.count(name),
            "rate": round(self.rate(name), 2),
            "errors": dict(self.errors.get(name, {})) if name != ALL else self.failed(ALL),
            "mean": round(self.mean(name) * 1_000, 2),
            **milliseconds,
            "max": round(self.quantile(name, 1.0) * 1_000, 2),
        }
