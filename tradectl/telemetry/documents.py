"""Traces and metrics as JSON shows them: times in RFC 3339, durations in milliseconds."""

from typing import Any

from services.contracts.times import rfc3339
from tradectl.telemetry.life import Life
from tradectl.telemetry.measures import Measure
from tradectl.telemetry.source import Heading, Span
from tradectl.telemetry.spans import nested


def heading_json(heading: Heading) -> dict[str, Any]:
    """A trace in a list."""
    return {
        "id": heading.id,
        "name": heading.name,
        "began": rfc3339(heading.began),
        "ended": rfc3339(heading.ended),
        "ms": heading.milliseconds,
        "services": list(heading.services),
        "orders": list(heading.orders),
        "level": heading.level,
        "spans": heading.spans,
    }


def span_json(span: Span, depth: int) -> dict[str, Any]:
    """A span, with what its log line said besides."""
    return {
        "service": span.service,
        "name": span.name,
        "depth": depth,
        "began": rfc3339(span.began),
        "ended": rfc3339(span.ended),
        "ms": span.milliseconds,
        "level": span.level,
        "fields": dict(span.fields),
    }


def measure_json(measure: Measure) -> dict[str, Any]:
    """A measure with all its points."""
    return {
        "part": measure.part,
        "name": measure.name,
        "unit": measure.unit,
        "labels": dict(measure.labels),
        "now": measure.now,
        "points": [{"time": rfc3339(time), "value": value} for time, value in measure.points],
    }


def life_json(life: Life) -> dict[str, Any]:
    """An order's whole life by time; each step says when it began, in milliseconds since the first."""
    return {
        "order": life.order,
        "status": life.status,
        "began": rfc3339(life.began),
        "ended": rfc3339(life.ended),
        "ms": (life.ended - life.began) / 1_000,
        "services": life.services,
        "steps": [
            {"at_ms": (span.began - life.began) / 1_000, "trace": span.trace, **span_json(span, depth)}
            for depth, span in sorted(nested(life.spans), key=lambda each: each[1].began)
        ],
        "missing": life.missing,
    }
