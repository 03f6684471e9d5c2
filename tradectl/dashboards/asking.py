"""A dashboard's panels, asked: each query as Grafana would ask it, of the real Prometheus and the real Loki."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any

from tradectl.dashboards.model import LOKI, PROMETHEUS, Board, Panel, Query
from tradectl.probes.telemetry import ask, over

Points = Sequence[tuple[float, float]]
"""Seconds and values, by time."""
JOB = "job"
"""The label that says which part, and the choice of dashboards that show one."""
STEPS = 60
LABEL = re.compile(r"\{\{(\w+)\}\}")
UNKNOWN = "-"
"""What a series without a name is called."""


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What is looked at: addresses of the stores, seconds since 1970, and what the reader would have chosen.

    ``window`` is what rates are taken over, a duration as Prometheus writes it: at least two scrapes.
    """

    prometheus: str
    begin: float
    end: float
    loki: str = ""
    window: str = "1m"
    chosen: Mapping[str, str] = field(default_factory=dict)

    @property
    def step(self) -> float:
        return (self.end - self.begin) / STEPS or 1.0

    def filled(self, expression: str) -> str:
        """An expression with what Grafana and the reader would put in."""
        whole = re.sub(r"\$__(rate_)?interval", self.window, expression)
        for name, value in self.chosen.items():
            whole = whole.replace(f"${name}", value)
        return whole


@dataclass(frozen=True)
class Answer:
    """What a panel shows: curves as its legend calls them, or lines of a log.

    ``empty`` are the queries, as they were asked, that found nothing; ``beyond`` says of which server the panel is,
    where that one is not watched.
    """

    panel: Panel
    curves: Mapping[str, Points]
    lines: Sequence[str] = ()
    empty: Sequence[str] = ()
    beyond: str = ""

    @property
    def found(self) -> bool:
        """Whether there is anything to be seen."""
        return bool(self.lines) or any(self.curves.values())

    @property
    def missing(self) -> Sequence[str]:
        """Queries that should have found something."""
        return () if self.beyond else self.empty


def answers(sight: Sight, board: Board, watched: frozenset[str], parts: Sequence[str] = ()) -> Iterator[Answer]:
    """Every panel of a dashboard; ``watched`` as ``watching`` says. TradectlError when a store does not answer.

    Where the reader would choose, each of the ``parts`` is until one has it all: not every part does everything.
    """
    sights = [replace(sight, chosen={JOB: part}) for part in parts] if board.variables and parts else [sight]
    for panel in board.panels():
        tried = (answer(each, panel, watched) for each in sights)
        first = next(tried)
        yield first if not first.missing else next((each for each in tried if not each.missing), first)


def watching(sight: Sight) -> frozenset[str]:
    """The jobs that Prometheus has, and ``loki`` where there is one: what panels beyond a sandbox need."""
    return frozenset(jobs(sight, "up")) - {LOKI} | ({LOKI} if sight.loki else set())


def jobs(sight: Sight, metric: str) -> list[str]:
    """Of which there were series of a metric."""
    query = {"match[]": metric, "start": str(sight.begin), "end": str(sight.end)}
    found: list[str] = ask(PROMETHEUS, sight.prometheus, f"/api/v1/label/{JOB}/values", query)["data"]
    return found


def answer(sight: Sight, panel: Panel, watched: frozenset[str]) -> Answer:
    """One panel."""
    beyond = panel.beyond if panel.beyond not in {"", *watched} else ""
    curves: dict[str, Points] = {}
    lines: list[str] = []
    empty = []
    for query in panel.queries:
        if query.source == LOKI and not sight.loki:
            continue
        own, said = _asked(sight, query)
        if not any(own.values()) and not said:
            empty.append(sight.filled(query.expression))
        curves |= own
        lines += said
    return Answer(panel, curves, lines, empty, beyond)


def _asked(sight: Sight, query: Query) -> tuple[dict[str, Points], list[str]]:
    """Curves and lines of one query."""
    base = sight.loki if query.source == LOKI else sight.prometheus
    expression, step = sight.filled(query.expression), f"{sight.step:.3f}"
    data = over(query.source, base, expression, sight.begin, sight.end, step=step)
    if data["resultType"] == "streams":
        return {}, newest(data["result"])
    return {named(query, each["metric"]): _points(each["values"]) for each in data["result"]}, []


def newest(streams: Sequence[Mapping[str, Any]]) -> list[str]:
    """The lines of a log as Grafana shows them: the newest first, whoever wrote them."""
    lines = [(int(moment), text) for stream in streams for moment, text in stream["values"]]
    return [text for _, text in sorted(lines, key=itemgetter(0), reverse=True)]


def _points(values: Sequence[tuple[float, str]]) -> Points:
    """Without what is no number: a quantile where nothing was observed."""
    return [(float(second), float(value)) for second, value in values if math.isfinite(float(value))]


def named(query: Query, labels: Mapping[str, Any]) -> str:
    """What the legend says of a series."""
    return LABEL.sub(lambda found: str(labels.get(found[1], "")), query.legend).strip() or UNKNOWN
