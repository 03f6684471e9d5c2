"""What both sources say alike of the same lines."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.contracts.times import rfc3339
from services.runtime.otlp.exporter import Exporter
from tests.observability import jaeger, loki, program
from tradectl.probes.eventually import eventually
from tradectl.telemetry.recorded import Recorded
from tradectl.telemetry.source import Source
from tradectl.telemetry.spans import nested
from tradectl.telemetry.store import Store
from tradectl.telemetry.stores import Addresses, Stores

NOW = time.time_ns() // 1_000
FIRST, SECOND = os.urandom(16).hex(), os.urandom(16).hex()
ORDER = os.urandom(8).hex()


def told(trace: str, span: str, parent: str | None, service: str, event: str, at: int, ms: float, **fields: Any) -> Any:
    """A line that tells of a span which ended so many milliseconds from now."""
    told = {"trace_id": trace, "span_id": span * 16, "parent_id": parent and parent * 16, "ms": ms}
    return {"time": rfc3339(NOW + at * 1_000), "level": "info", "service": service, "event": event, **told, **fields}


LINES = [
    told(FIRST, "a", None, "bff", "request", -900, 20.0, method="POST", path="/api/v1/orders", status=201),
    told(FIRST, "b", "a", "orders", "request", -902, 15.0, method="POST", path="/orders", status=201, order_id=ORDER),
    told(FIRST, "c", "b", "portfolio", "applied", -800, 5.0, event_name="order_filled"),
    told(SECOND, "d", None, "bff", "request", -100, 3.0, method="GET", path="/api/v1/me", status=500, level="error"),
    {"time": rfc3339(NOW), "level": "info", "service": "orders", "event": "kept", "order_id": ORDER},
]
SPANS = [line for line in LINES if "ms" in line]


@pytest.fixture(scope="module", params=["file", "stores"])
def source(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    """A source that has been told of all lines."""
    folder: Path = tmp_path_factory.mktemp("sources")
    if request.param == "file":
        store = Store(folder / "run.db")
        store.add_lines(LINES)
        yield Recorded(folder / "run.db")
        store.close()
        return
    program("loki")
    with jaeger(folder) as (query, otlp), loki(folder) as logs:
        endpoints = {"OTEL_EXPORTER_OTLP_ENDPOINT": otlp, "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": f"{logs}/otlp/v1/logs"}
        exporter = Exporter(endpoints)
        exporter.take(LINES)
        eventually(lambda: sent(exporter), 30.0, what="endpoints that take spans and lines")
        stores = Stores(Addresses(jaeger=query, loki=logs))
        eventually(lambda: len(stores.traces(10)) == 2 or None, 30.0, what="both traces in Jaeger")
        eventually(lambda: stores.lines(order=ORDER) or None, 30.0, what="lines in Loki")
        yield stores


def sent(exporter: Exporter) -> bool | None:
    """Whether all is, now or at another try: queries are answered a moment before spans are taken."""
    exporter.take([])
    told = {channel.signal: (channel.sent, channel.dropped) for channel in exporter.channels}
    return told == {"spans": (len(SPANS), 0), "logs": (len(LINES), 0)} or None


def test_the_last_traces_come_newest_first_in_one_line_each(source: Source) -> None:
    newer, older = source.traces(10)
    assert (newer.id, newer.name, newer.services, newer.level) == (SECOND, "GET /api/v1/me", ("bff",), "error")
    assert (older.id, older.name, older.orders, older.spans) == (FIRST, "POST /api/v1/orders", (ORDER,), 3)
    assert older.services == ("bff", "orders", "portfolio")
    assert older.ended - older.began == 120_000


def test_only_so_many_are_given(source: Source) -> None:
    assert [heading.id for heading in source.traces(1)] == [SECOND]


def test_traces_are_found_by_an_order_that_they_tell_of(source: Source) -> None:
    assert [heading.id for heading in source.traces(10, ORDER)] == [FIRST]
    assert source.traces(10, "nobody's") == []


def test_the_spans_of_a_trace_know_their_parents(source: Source) -> None:
    spans = source.spans(trace=FIRST)
    assert [(span.service, span.id[:1], span.parent[:1]) for span in spans] == [
        ("bff", "a", ""),
        ("orders", "b", "a"),
        ("portfolio", "c", "b"),
    ]
    assert [depth for depth, _ in nested(spans)] == [0, 1, 2]
    assert spans[1].milliseconds == 15.0
    assert spans[1].fields["order_id"] == ORDER
    assert source.spans(trace="f" * 32) == []


def test_the_spans_that_name_an_order(source: Source) -> None:
    told = [(span.service, span.name) for span in source.spans(order=ORDER)]
    assert told == [("orders", "POST /orders"), ("orders", "kept")]


def test_the_lines_of_a_trace_are_those_that_were_logged_by_their_time(source: Source) -> None:
    assert source.lines(trace=FIRST) == sorted(LINES[:3], key=lambda line: str(line["time"]))
    assert source.lines(trace="f" * 32) == []


def test_the_lines_about_an_order_are_found_in_a_trace_or_in_none(source: Source) -> None:
    assert source.lines(order=ORDER) == [LINES[1], LINES[-1]]
