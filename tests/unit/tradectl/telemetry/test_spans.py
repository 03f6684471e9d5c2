"""Spans out of log lines, and how they lie in each other."""

import pytest

from services.contracts.times import from_rfc3339
from tests.unit.tradectl.telemetry.told import TRACE, line, request
from tradectl.telemetry.spans import heading_of, nested, span_of

START = from_rfc3339("2024-08-08T07:10:00Z")
SPANS = [span_of(each) for each in TRACE]


def test_a_request_began_before_its_line_was_written() -> None:
    span = span_of(request("012.000", "orders", "/orders", 8.0))
    assert (span.name, span.began - START, span.ended - START) == ("POST /orders", 4_000, 12_000)


def test_any_other_line_is_a_moment_with_what_else_it_said() -> None:
    span = SPANS[3]
    assert (span.name, span.milliseconds, span.level) == ("order report fill", 0.0, "warning")
    assert span.fields == {"order_id": "o1", "kind": "fill"}


def test_a_line_without_a_time_is_no_span() -> None:
    with pytest.raises(ValueError, match="Invalid isoformat"):
        span_of({"service": "orders", "event": "sent"})


def test_a_trace_is_called_as_what_began_first_and_lasts_to_its_last_moment() -> None:
    heading = heading_of(SPANS)
    assert (heading.id, heading.name, heading.milliseconds) == ("a", "POST /api/v1/orders", 30.0)
    assert (heading.services, heading.orders, heading.spans) == (("bff", "orders"), ("o1",), 4)


def test_a_trace_is_as_grave_as_its_gravest_span() -> None:
    assert heading_of(SPANS).level == "warning"


def test_a_span_lies_in_the_narrowest_that_was_under_way_in_all_of_its_time() -> None:
    assert [(depth, span.name) for depth, span in nested(SPANS)] == [
        (0, "POST /api/v1/orders"),
        (1, "POST /orders"),
        (2, "reserved"),
        (0, "order report fill"),
    ]


def test_spans_that_overlap_lie_side_by_side() -> None:
    spans = [span_of(request("010.000", "bff", "/a", 10.0)), span_of(request("015.000", "bff", "/b", 10.0))]
    assert [depth for depth, _ in nested(spans)] == [0, 0]


def test_moments_hold_nothing() -> None:
    spans = [span_of(line("010.000", "orders", event)) for event in ("sent", "kept")]
    assert [depth for depth, _ in nested(spans)] == [0, 0]


def test_a_span_lies_below_the_parent_that_it_names_whenever_it_was() -> None:
    parent = span_of({**request("010.000", "bff", "/a", 10.0), "span_id": "p"})
    child = span_of({**line("090.000", "portfolio", "applied"), "ms": 1.0, "span_id": "c", "parent_id": "p"})
    moment = span_of({**line("090.500", "portfolio", "booked"), "span_id": "c"})
    stranger = span_of({**request("011.000", "bff", "/b", 0.5), "span_id": "s", "parent_id": "elsewhere"})
    rows = [(depth, span.name) for depth, span in nested([stranger, moment, child, parent])]
    assert rows == [(0, "POST /a"), (1, "applied"), (2, "booked"), (0, "POST /b")]
