import json
from typing import Any

import pytest

from services.runtime.otlp.encoding import is_span, logs_of, spans_of

TRACE, SPAN, PARENT = "a" * 32, "b" * 16, "c" * 16
REQUEST: dict[str, Any] = {
    "time": "2024-08-08T07:10:00.250000Z",
    "level": "info",
    "trace_id": TRACE,
    "span_id": SPAN,
    "service": "orders",
    "event": "request",
    "method": "POST",
    "path": "/orders",
    "status": 201,
    "parent_id": PARENT,
    "ms": 12.5,
}
MOMENT = {**{name: REQUEST[name] for name in ("time", "level", "trace_id", "span_id", "service")}, "event": "sent"}


def span(**changed: Any) -> dict[str, Any]:
    """The one span in what is sent of a line."""
    body = spans_of([{**REQUEST, **changed}])
    assert body is not None
    [resource] = json.loads(body)["resourceSpans"]
    assert resource["resource"]["attributes"] == [{"key": "service.name", "value": {"stringValue": "orders"}}]
    [made] = resource["scopeSpans"][0]["spans"]
    found: dict[str, Any] = made
    return found


def test_a_line_that_says_how_long_is_a_span_that_ended_then() -> None:
    made = span()
    assert (made["traceId"], made["spanId"], made["parentSpanId"]) == (TRACE, SPAN, PARENT)
    assert made["name"] == "POST /orders"
    assert int(made["endTimeUnixNano"]) - int(made["startTimeUnixNano"]) == 12_500_000
    assert {"key": "status", "value": {"intValue": "201"}} in made["attributes"]


def test_a_moment_is_no_span_but_a_log_record_in_its_span() -> None:
    assert not is_span(MOMENT)
    assert spans_of([MOMENT]) is None
    body = logs_of([MOMENT])
    assert body is not None
    [record] = json.loads(body)["resourceLogs"][0]["scopeLogs"][0]["logRecords"]
    assert (record["traceId"], record["spanId"]) == (TRACE, SPAN)
    assert json.loads(record["body"]["stringValue"]) == MOMENT


def test_what_failed_is_marked_so_that_sampling_keeps_it() -> None:
    assert span(status=500)["status"] == {"code": 2}
    assert span(level="error")["status"] == {"code": 2}
    assert span(status=404)["status"] == {"code": 0}


def test_a_batch_is_linked_to_what_caused_its_other_events() -> None:
    other = f"00-{'d' * 32}-{'e' * 16}-01"
    assert span(links=[other])["links"] == [{"traceId": "d" * 32, "spanId": "e" * 16}]


def test_a_first_span_has_no_parent() -> None:
    assert "parentSpanId" not in span(parent_id=None)


def test_a_line_without_a_time_is_sent_all_the_same() -> None:
    body = logs_of([{"service": "orders", "event": "odd"}])
    assert body is not None
    assert b'"timeUnixNano":"0"' in body


def test_a_process_says_of_which_environment_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=prod")
    body = logs_of([MOMENT])
    assert body is not None
    assert json.loads(body)["resourceLogs"][0]["resource"]["attributes"] == [
        {"key": "deployment.environment.name", "value": {"stringValue": "prod"}},
        {"key": "service.name", "value": {"stringValue": "orders"}},
    ]
