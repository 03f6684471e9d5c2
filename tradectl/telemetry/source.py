"""The seam: who is asked for traces, lines and metrics. Here a run's file, on a cluster Jaeger, Loki and Prometheus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from tradectl.stack.logs import Line

Point = tuple[int, float]
"""Wall microseconds and the value that was seen then."""


@dataclass(frozen=True)
class Span:
    """A piece of work in wall microseconds; what was told at one moment has the same begin and end."""

    trace: str
    service: str
    name: str
    began: int
    ended: int
    level: str = "info"
    fields: Mapping[str, Any] = field(default_factory=dict)
    """What else its line said: ids, status, reasons."""
    id: str = ""
    """Empty for a moment, and for what comes of no trace."""
    parent: str = ""
    """The span that it is a child of, or that a moment was told in; empty where nobody says."""

    @property
    def milliseconds(self) -> float:
        return (self.ended - self.began) / 1_000


@dataclass(frozen=True)
class Heading:
    """A trace in one line; times in wall microseconds, ``level`` is that of its gravest span."""

    id: str
    name: str
    began: int
    ended: int
    services: tuple[str, ...]
    orders: tuple[str, ...]
    level: str
    spans: int

    @property
    def milliseconds(self) -> float:
        return (self.ended - self.began) / 1_000


@dataclass(frozen=True)
class Series:
    """One line of a part's /metrics page over time: a point for each look, the oldest first."""

    part: str
    name: str
    labels: Mapping[str, str]
    points: Sequence[Point]


class Source(Protocol):
    """Where the facts of one run are asked for."""

    def traces(self, most: int, order: str = "") -> list[Heading]:
        """The last traces, or those that an order is told of in; the newest first."""

    def spans(self, *, trace: str = "", order: str = "") -> list[Span]:
        """Those of a trace, or those that name an order, by their begin."""

    def series(self, since: int) -> list[Series]:
        """Every series with what was seen since a wall moment in microseconds."""

    def lines(self, *, trace: str = "", order: str = "") -> list[Line]:
        """Log lines of a trace, or about an order, by their time."""
