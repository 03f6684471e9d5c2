"""What one generator has seen, second by second: it goes to the tool while the run goes on, and merges by adding."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tradectl.load.histogram import bucket_of

SHORTEST = 0.5
"""Seconds: of less, nobody can say how busy they were."""


@dataclass
class Kind:
    """Requests of one name: latencies in buckets, failures by what they were."""

    counts: Counter[int] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)


@dataclass
class Second:
    """One second of one generator. ``due`` counts what should have begun in it, ``late`` what found its user busy.

    ``lag`` are the times by which a free user began late: the generator's own fault.
    """

    t: int
    due: int = 0
    late: int = 0
    unsent: int = 0
    busy: float = 0.0
    """Share of one processor that the generator used."""
    lag: Counter[int] = field(default_factory=Counter)
    kinds: dict[str, Kind] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """As JSON: keys are text there."""
        return {
            "t": self.t,
            "due": self.due,
            "late": self.late,
            "unsent": self.unsent,
            "busy": round(self.busy, 3),
            "lag": {str(bucket): count for bucket, count in self.lag.items()},
            "kinds": {
                name: {"counts": {str(bucket): n for bucket, n in kind.counts.items()}, "errors": dict(kind.errors)}
                for name, kind in self.kinds.items()
            },
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Second":
        """From JSON."""
        kinds = {
            name: Kind(_buckets(kind["counts"]), Counter(kind["errors"])) for name, kind in document["kinds"].items()
        }
        head = {name: document[name] for name in ("t", "due", "late", "unsent", "busy")}
        return cls(**head, lag=_buckets(document["lag"]), kinds=kinds)

    def add(self, other: "Second") -> None:
        """The same second of another generator; its processor is another one."""
        self.due += other.due
        self.late += other.late
        self.unsent += other.unsent
        self.busy = max(self.busy, other.busy)
        self.lag.update(other.lag)
        for name, kind in other.kinds.items():
            own = self.kinds.setdefault(name, Kind())
            own.counts.update(kind.counts)
            own.errors.update(kind.errors)


def _buckets(document: Mapping[str, int]) -> Counter[int]:
    return Counter({int(bucket): count for bucket, count in document.items()})


def merged(seconds: Iterable[Second]) -> list[Second]:
    """Those of all generators, by time."""
    found: dict[int, Second] = {}
    for second in seconds:
        found.setdefault(second.t, Second(second.t)).add(second)
    return [found[t] for t in sorted(found)]


class Recorder:
    """Takes what users saw; ``send`` gets each second when it is over."""

    def __init__(self, send: Callable[[Second], None]) -> None:
        self._send = send
        self._began = 0.0
        self._second = Second(0)
        self._cpu = time.process_time()
        self._since = time.monotonic()

    def begin(self, moment: float) -> None:
        """The schedule's zero, on the monotonic clock."""
        self._began = moment
        self._cpu, self._since = time.process_time(), time.monotonic()

    def started(self, lag: float | None) -> None:
        """A request that was due begins; ``lag`` seconds late by a free user, None by one that was busy."""
        self._second.due += 1
        if lag is None:
            self._second.late += 1
        else:
            self._second.lag[bucket_of(max(lag, 0.0))] += 1

    def answered(self, name: str, seconds: float, error: str = "") -> None:
        """A request ended, so many seconds after it was due; how long one took that failed counts, too."""
        kind = self._second.kinds.setdefault(name, Kind())
        kind.counts[bucket_of(seconds)] += 1
        if error:
            kind.errors[error] += 1

    def unsent(self, count: int) -> None:
        """What was due and never began."""
        self._second.unsent += count

    def turn(self) -> None:
        """Send what was seen so far, as the second that it is."""
        now, cpu = time.monotonic(), time.process_time()
        second, self._second = self._second, Second(int(now - self._began))
        if now - self._since >= SHORTEST:
            second.busy = (cpu - self._cpu) / (now - self._since)
        self._cpu, self._since = cpu, now
        self._send(second)
