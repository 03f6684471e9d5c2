"""Log lines as OTLP has them: one that says how long a span took is that span, and each is a log record."""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from services.contracts.times import from_rfc3339

Line = Mapping[str, Any]
ENCODER = msgspec.json.Encoder(enc_hook=str)
SCOPE = {"name": "tradectl"}
SEVERITIES = {"debug": 5, "info": 9, "warning": 13, "error": 17, "critical": 21}
UNSET, FAILED = 0, 2
INTERNAL, SERVER, CLIENT, CONSUMER = 1, 2, 3, 5
KINDS = {
    "request": SERVER,
    "FIX request": SERVER,
    "applied": CONSUMER,
    "order report": CONSUMER,
    "delivery": CLIENT,
}
OF_SPAN = frozenset({"time", "level", "service", "event", "trace_id", "span_id", "parent_id", "ms", "links"})
INDEXED = ("order_id", "user_id", "event", "event_name", "request_id")
"""Fields of a line that a log store keeps beside it, to be asked for; the rest is in the line."""


def spans_of(lines: Iterable[Line]) -> bytes | None:
    """The body for /v1/traces; none where no line tells of a span."""
    of: dict[str, list[Any]] = defaultdict(list)
    for line in lines:
        if is_span(line):
            of[str(line.get("service", ""))].append(_span(line))
    if not of:
        return None
    told = [{"resource": _resource(service), "scopeSpans": [{"scope": SCOPE, "spans": of[service]}]} for service in of]
    return ENCODER.encode({"resourceSpans": told})


def logs_of(lines: Iterable[Line]) -> bytes | None:
    """The body for /v1/logs; none of nothing."""
    of: dict[str, list[Any]] = defaultdict(list)
    for line in lines:
        of[str(line.get("service", ""))].append(_record(line))
    if not of:
        return None
    told = [
        {"resource": _resource(service), "scopeLogs": [{"scope": SCOPE, "logRecords": of[service]}]} for service in of
    ]
    return ENCODER.encode({"resourceLogs": told})


def is_span(line: Line) -> bool:
    """Whether a line tells of a whole span."""
    return bool(line.get("span_id") and line.get("trace_id")) and isinstance(line.get("ms"), int | float)


def _span(line: Line) -> dict[str, Any]:
    ended = _nanoseconds(line)
    status = line.get("status")
    failed = line.get("level") in {"error", "critical"} or (isinstance(status, int) and status >= 500)
    span = {
        "traceId": line["trace_id"],
        "spanId": line["span_id"],
        "name": name_of(line),
        "kind": KINDS.get(str(line.get("event")), INTERNAL),
        "startTimeUnixNano": str(ended - round(float(line["ms"]) * 1_000_000)),
        "endTimeUnixNano": str(ended),
        "attributes": _attributes({name: value for name, value in line.items() if name not in OF_SPAN}),
        "status": {"code": FAILED if failed else UNSET},
    }
    if parent := line.get("parent_id"):
        span["parentSpanId"] = parent
    if links := line.get("links"):
        span["links"] = [_link(each) for each in links]
    return span


def name_of(line: Line) -> str:
    """A request is called by its method and path, anything else by its event."""
    if line.get("event") == "request" and "method" in line:
        return f"{line['method']} {line.get('path', '')}"
    about = line.get("event_name") or line.get("kind")
    return f"{line.get('event', '')} {about}" if about else str(line.get("event", ""))


def _link(traceparent: str) -> dict[str, str]:
    _, trace_id, span_id, _ = traceparent.split("-", 3)
    return {"traceId": trace_id, "spanId": span_id}


def _record(line: Line) -> dict[str, Any]:
    level = str(line.get("level", "info"))
    record = {
        "timeUnixNano": str(_nanoseconds(line)),
        "severityNumber": SEVERITIES.get(level, 0),
        "severityText": level,
        "body": {"stringValue": ENCODER.encode(line).decode()},
        "attributes": _attributes({name: line[name] for name in INDEXED if line.get(name)}),
    }
    if trace_id := line.get("trace_id"):
        record["traceId"] = trace_id
        record["spanId"] = line.get("span_id", "")
    return record


def _resource(service: str) -> dict[str, Any]:
    return {"attributes": _attributes({**_given(), "service.name": service})}


def _given() -> Mapping[str, str]:
    """What is said of every process here, as OpenTelemetry has it said: name=value,name=value."""
    words = (word.partition("=") for word in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "").split(","))
    return {name.strip(): value.strip() for name, found, value in words if found}


def _attributes(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"key": name, "value": _value(value)} for name, value in fields.items()]


def _value(value: Any) -> dict[str, Any]:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case str():
            return {"stringValue": value}
    return {"stringValue": ENCODER.encode(value).decode()}


def _nanoseconds(line: Line) -> int:
    """0 where a line has no time, which OTLP takes for unknown."""
    try:
        return from_rfc3339(str(line.get("time", ""))) * 1_000
    except ValueError:
        return 0
