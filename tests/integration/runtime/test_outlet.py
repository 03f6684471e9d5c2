"""A part's lines reach an OTLP endpoint by a process beside it, and a collector that is gone costs nothing."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.collector import Collector, collecting

PART = """
import os
from services.runtime import log, logfile, trace
from services.runtime.otlp import outlet

out = outlet.begin(os.environ)
logfile.configure(None, also=out)
write = log.line("orders", "request")
with trace.continue_from(None) as span:
    for number in range({lines}):
        write({{"method": "POST", "path": "/orders", "status": 201, **log.ended(span, 0.01)}})
logfile.flush()
"""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as made:
        yield made


def run(lines: int, **environment: str) -> None:
    code = PART.format(lines=lines)
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-2_000:]


def test_spans_and_logs_arrive_before_the_part_has_ended(collector: Collector) -> None:
    run(3, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=f"{collector.url}/otlp/v1/logs")
    paths = {path for path, _ in collector.taken}
    assert paths == {"/v1/traces", "/otlp/v1/logs"}
    sent = [body["resourceSpans"][0]["scopeSpans"][0]["spans"] for path, body in collector.taken if "traces" in path]
    assert [span["name"] for spans in sent for span in spans] == ["POST /orders"] * 3, "in one batch or several"


def test_a_part_ends_in_time_when_nobody_takes_its_lines() -> None:
    run(20_000, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9")
