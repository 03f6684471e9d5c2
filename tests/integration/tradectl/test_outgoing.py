"""What the tool does against a platform elsewhere goes to the collector that the environment names."""

import os
import subprocess
import sys

from tests.collector import collecting

CLICK = """
from tradectl.telemetry.acts import acts_of

with acts_of(None).act("click", "POST /orders"):
    pass
"""


def run(endpoint: str) -> None:
    environment = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint}
    done = subprocess.run(
        [sys.executable, "-c", CLICK], env=environment, capture_output=True, timeout=30, check=False, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_click_arrives_before_the_tool_has_ended() -> None:
    with collecting() as collector:
        run(collector.url)
    ((path, body),) = collector.taken
    (resource,) = body["resourceSpans"]
    assert resource["resource"]["attributes"][0]["value"]["stringValue"] == "tradectl"
    assert (path, resource["scopeSpans"][0]["spans"][0]["name"]) == ("/v1/traces", "click POST /orders")


def test_a_collector_that_is_gone_keeps_nobody() -> None:
    run("http://127.0.0.1:9")
