"""A dashboard as plain data: tests and plots read the same queries that Grafana is given."""

from collections.abc import Iterator
from dataclasses import dataclass

SECONDS, PER_SECOND, SHARE, BYTES, COUNT = "s", "ops", "percentunit", "bytes", "short"
"""Grafana's names of units."""
PROMETHEUS, LOKI = "prometheus", "loki"


@dataclass(frozen=True)
class Query:
    """An expression, and how its series are called: ``{{label}}`` is a label's value."""

    expression: str
    legend: str = ""
    source: str = PROMETHEUS


@dataclass(frozen=True)
class Panel:
    """``beyond`` says why an embedded sandbox has no data for it: which server it is of. Empty where it has."""

    title: str
    unit: str
    queries: tuple[Query, ...]
    text: str
    beyond: str = ""


@dataclass(frozen=True)
class Row:
    """Panels side by side, under a heading."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Variable:
    """What the reader chooses: a label's values among the series of a metric."""

    name: str
    metric: str
    label: str
    all: bool = False


@dataclass(frozen=True)
class Board:
    """``uid`` is part of its address, and the name of its file."""

    uid: str
    title: str
    text: str
    rows: tuple[Row, ...]
    variables: tuple[Variable, ...] = ()

    def panels(self) -> Iterator[Panel]:
        for row in self.rows:
            yield from row.panels


def panel(title: str, unit: str, text: str, *queries: tuple[str, str], beyond: str = "") -> Panel:
    """A panel of Prometheus' queries, each an expression and a legend."""
    return Panel(title, unit, tuple(Query(*query) for query in queries), text, beyond)


def quantiles(metric: str, by: str = "", among: str = "", *shares: float) -> tuple[tuple[str, str], ...]:
    """Queries for what shares of a histogram's observations did not exceed; the median and 99 % unless told."""
    labels = f", {by}" if by else ""
    legend = f"{{{{{by}}}}} " if by else ""
    rate = f"sum by (le{labels}) (rate({metric}_bucket{{{among}}}[$__rate_interval]))"
    return tuple(
        (f"histogram_quantile({share}, {rate})", f"{legend}p{share * 100:g}") for share in shares or (0.5, 0.99)
    )


def rate(metric: str, by: str, among: str = "") -> tuple[str, str]:
    """A query for how often something happened a second, by labels."""
    legend = " ".join(f"{{{{{label.strip()}}}}}" for label in by.split(","))
    return f"sum by ({by}) (rate({metric}{{{among}}}[$__rate_interval]))", legend


def most(metric: str, by: str, among: str = "") -> tuple[str, str]:
    """A query for a gauge that each process of a part says alike: the highest."""
    legend = " ".join(f"{{{{{label.strip()}}}}}" for label in by.split(","))
    return f"max by ({by}) ({metric}{{{among}}})", legend
