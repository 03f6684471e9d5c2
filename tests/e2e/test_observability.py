"""One order is one trace in a real Jaeger, its log lines are in a real Loki by that trace, and its metrics moved."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e import life
from tests.e2e.tool import Tool
from tests.observability import built, jaeger, loki, program
from tradectl.probes import metrics
from tradectl.probes.eventually import eventually
from tradectl.telemetry.stores import Addresses, Stores

ARRIVES_WITHIN = 60.0
"""Seconds: lines are read once a second, and Jaeger decides about a trace a second after its first span."""


@pytest.fixture
def observed(tool: Tool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    """A sandbox that exports, in which a trader has traded, and the stores that it exports to."""
    with jaeger(tmp_path) as (query, otlp), ExitStack() as stack:
        logs = stack.enter_context(loki(tmp_path)) if built("loki") else ""
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", otlp)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", f"{logs}/otlp/v1/logs" if logs else "")
        monkeypatch.setenv("TRADECTL_LOKI_URL", logs)
        tool.ok("up")
        tool.ok("smoke")
        yield Stores(Addresses(jaeger=query, loki=logs))


def test_one_order_is_followed_by_its_trace_its_lines_and_its_metrics(observed: Stores, tool: Tool) -> None:
    chain = life.begun(life.STEP)
    spans = eventually(lambda: life.whole(observed, chain), ARRIVES_WITHIN, what="an order's whole trace in Jaeger")
    life.agrees(spans, chain, life.STEP)

    ports = tool.ports()
    page = metrics.samples(f"http://127.0.0.1:{ports['orders.http']}")
    found = {sample.name: sample.value for sample in page if not sample.labels or "side" in sample.labels}
    assert found["order_fills_total"] >= 1
    assert found["order_fill_seconds_count"] >= 1

    program("loki")
    lines = observed.lines(trace=spans[0].trace)
    assert {str(line["service"]) for line in lines} >= life.THROUGH
    assert {"request", "sent", "order report", "booked", "delivery"} <= {str(line["event"]) for line in lines}
    logs = tool.ok("logs", "--trace", spans[0].trace, "--json").out
    assert [json.loads(line) for line in logs.splitlines()] == lines
    some = tool.ok("logs", "portfolio", "--trace", spans[0].trace, "--json").out
    assert [json.loads(line) for line in some.splitlines()] == [
        line for line in lines if line["service"] == "portfolio"
    ]
