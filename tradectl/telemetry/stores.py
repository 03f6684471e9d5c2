"""Jaeger, Prometheus and Loki as a source of traces, metrics and log lines, where those run."""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.contracts.metrics import EXPORTERS, OF_TARGET, declared
from services.runtime.otlp.encoding import is_span
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes.telemetry import ask, over
from tradectl.stack.logs import Line
from tradectl.telemetry.source import Heading, Point, Series, Source, Span
from tradectl.telemetry.spans import heading_of, span_of

LOOK_BACK = 6 * 3_600
"""Seconds; as far as a run's own file reaches."""
MOST_POINTS = 400
AHEAD = 60
"""Seconds from now; another machine's clock may be ahead."""
FINEST = 5
"""Seconds between two points of a series at least."""
MOST_LINES = 5_000
AT_LEAST = 100
"""Traces of a service that Jaeger is asked for: its last ones are those that were decided last, not that began last."""
MOST_OF_ORDER = 50
"""Traces that tell of one order."""
SECOND = 1_000_000
EVERY_SERVICE = '{service_name=~".+"}'
SUFFIXES = ("", "_bucket", "_count", "_sum")
OF_SCRAPE = ("__name__", *OF_TARGET)
OF_PROTOCOL = (
    "span.kind",
    "otel.scope.name",
    "otel.scope.version",
    "otel.status_code",
    "internal.span.format",
    "error",
)
"""Tags that Jaeger or the protocol adds."""


@dataclass(frozen=True)
class Addresses:
    """Base URLs; empty for a store that does not run."""

    jaeger: str = ""
    prometheus: str = ""
    loki: str = ""

    def __bool__(self) -> bool:
        return bool(self.jaeger or self.prometheus or self.loki)


class Stores:
    """``rest`` answers for a store that does not run. TradectlError when one does not answer."""

    def __init__(self, addresses: Addresses, rest: Source | None = None) -> None:
        self._at = addresses
        self._rest = rest

    def traces(self, most: int, order: str = "") -> list[Heading]:
        """The last traces, or those that an order is told of in; the newest first."""
        if not self._at.jaeger:
            return self._instead().traces(most, order)
        found: dict[str, list[Span]] = {}
        wanted = {"order_id": order} if order else {}
        for service in self._jaeger("/api/services").get("data") or ():
            query = {"service": service, "limit": str(max(2 * most, AT_LEAST)), **_since(), **_tags(wanted)}
            for trace in self._jaeger("/api/traces", query).get("data") or ():
                found[trace["traceID"]] = spans_in(trace)
        headings = sorted(map(heading_of, found.values()), key=lambda heading: heading.began, reverse=True)
        return headings[:most]

    def spans(self, *, trace: str = "", order: str = "") -> list[Span]:
        """Those of a trace, or those that name an order, by their begin; with Loki its moments, too."""
        if not self._at.jaeger:
            return self._instead().spans(trace=trace, order=order)
        found = self._spans_of(trace) if trace else self._spans_about(order)
        told = self.lines(trace=trace, order=order) if self._at.loki else []
        moments = [span_of(line) for line in told if not is_span(line)]
        return sorted([*found, *moments], key=lambda span: (span.began, -span.ended))

    def series(self, since: int) -> list[Series]:
        """Every series with what was seen since a wall moment in microseconds."""
        if not self._at.prometheus:
            return self._instead().series(since)
        end = time.time()
        step = max(FINEST, round((end - since / SECOND) / MOST_POINTS))
        found = over("prometheus", self._at.prometheus, EVERY_METRIC, since / SECOND, end, step=str(step))
        return [series_of(each) for each in found["result"]]

    def lines(self, *, trace: str = "", order: str = "") -> list[Line]:
        """Log lines of a trace, or about an order, by their time."""
        if not self._at.loki:
            return self._instead().lines(trace=trace, order=order)
        field, value = ("trace_id", trace) if trace else ("order_id", order)
        wanted, now = f"{EVERY_SERVICE} | {field}={json.dumps(value)}", time.time()
        most = {"limit": str(MOST_LINES), "direction": "forward"}
        found = over("loki", self._at.loki, wanted, now - LOOK_BACK, now + AHEAD, **most)
        texts = [text for stream in found["result"] for _, text in stream["values"]]
        return sorted((json.loads(text) for text in texts), key=lambda line: str(line.get("time", "")))

    def _spans_of(self, trace: str) -> list[Span]:
        answer = self._jaeger(f"/api/traces/{trace}", known=True)
        return [span for each in answer.get("data") or () for span in spans_in(each)]

    def _spans_about(self, order: str) -> list[Span]:
        of = [span for heading in self.traces(MOST_OF_ORDER, order) for span in self._spans_of(heading.id)]
        return [span for span in of if str(span.fields.get("order_id", "")) == order]

    def _jaeger(self, path: str, query: Mapping[str, str] | None = None, *, known: bool = False) -> Mapping[str, Any]:
        found: Mapping[str, Any] = ask("jaeger", self._at.jaeger, path, query, missing={} if known else None)
        return found

    def _instead(self) -> Source:
        if self._rest is None:
            hint = "TRADECTL_JAEGER_URL, TRADECTL_PROMETHEUS_URL and TRADECTL_LOKI_URL say where they are"
            raise TradectlError("no store is known that keeps this", hint, ExitCode.NOT_FOUND)
        return self._rest


def _since() -> dict[str, str]:
    end = time.time_ns() // 1_000
    return {"start": str(end - LOOK_BACK * SECOND), "end": str(end + AHEAD * SECOND)}


def _tags(wanted: Mapping[str, str]) -> dict[str, str]:
    return {"tags": json.dumps(wanted)} if wanted else {}


def spans_in(trace: Mapping[str, Any]) -> list[Span]:
    """Jaeger's JSON of one trace."""
    return [_span(each, trace["processes"][each["processID"]]["serviceName"]) for each in trace["spans"]]


def _span(document: Mapping[str, Any], service: str) -> Span:
    tags = {tag["key"]: tag["value"] for tag in document["tags"]}
    parents = [each["spanID"] for each in document["references"] if each["refType"] == "CHILD_OF"]
    began = int(document["startTime"])
    return Span(
        trace=document["traceID"],
        service=service,
        name=document["operationName"],
        began=began,
        ended=began + int(document["duration"]),
        level="error" if tags.get("error") else "info",
        fields={name: value for name, value in tags.items() if name not in OF_PROTOCOL},
        id=document["spanID"],
        parent=parents[0] if parents else "",
    )


def series_of(document: Mapping[str, Any]) -> Series:
    """Prometheus' JSON of one series; the part is the job that it is scraped by."""
    labels: Mapping[str, str] = document["metric"]
    points: Sequence[Point] = [(round(float(moment) * SECOND), float(value)) for moment, value in document["values"]]
    own = {name: value for name, value in labels.items() if name not in OF_SCRAPE}
    return Series(labels.get("job", ""), labels["__name__"], own, points)


def names() -> Iterable[str]:
    """Of all samples that are ours."""
    for metric in declared(*EXPORTERS.values()):
        endings = SUFFIXES[1:] if metric.kind == "histogram" else SUFFIXES[:1]
        yield from (f"{metric.name}{ending}" for ending in endings)


EVERY_METRIC = f'{{__name__=~"{"|".join(names())}"}}'
