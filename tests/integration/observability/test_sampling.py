"""The real Jaeger keeps what went wrong or took long, whatever share of the rest it keeps: here none."""

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest

from services.contracts.times import rfc3339
from services.runtime.otlp.exporter import Exporter
from tests.observability import jaeger
from tradectl.probes.eventually import eventually
from tradectl.telemetry.stores import Addresses, Stores

WITHIN = 30.0
"""Seconds: Jaeger decides a second after a trace's first span."""


class Told:
    """Traces sent to a Jaeger, each a request at the BFF with one at orders inside, and what is kept of them."""

    def __init__(self, query: str, otlp: str) -> None:
        self._exporter = Exporter({"OTEL_EXPORTER_OTLP_ENDPOINT": otlp})
        self._stores = Stores(Addresses(jaeger=query))
        self._sent = 0

    def trace(self, ms: float = 5.0, **inner: Any) -> str:
        """Its id; ``inner`` is what is special about the request at orders, ``ms`` how long the other took."""
        id = os.urandom(16).hex()
        self.send(
            line(id, "b" * 16, "a" * 16, "orders", 2.0, **inner),
            line(id, "a" * 16, None, "bff", ms),
        )
        return id

    def late(self, *traces: str) -> None:
        """Another span of each, which comes long after the others."""
        self.send(*(line(id, "c" * 16, "b" * 16, "notifications", 1.0) for id in traces))

    def send(self, *lines: dict[str, Any]) -> None:
        self._sent += len(lines)
        self._exporter.take(list(lines))
        eventually(self._is_taken, WITHIN, what="spans taken by Jaeger")

    def _is_taken(self) -> bool | None:
        self._exporter.take([])
        (channel,) = self._exporter.channels
        assert channel.dropped == 0
        return channel.sent == self._sent or None

    def spans(self, trace: str) -> int:
        return len(self._stores.spans(trace=trace))

    def come(self, spans: int, *traces: str) -> None:
        """Wait until so many spans of each are there."""
        eventually(lambda: all(self.spans(each) == spans for each in traces) or None, WITHIN, what="kept traces")


def line(trace: str, span: str, parent: str | None, service: str, ms: float, **more: Any) -> dict[str, Any]:
    told = {"trace_id": trace, "span_id": span, "parent_id": parent, "ms": ms, "method": "GET", "path": "/", **more}
    return {"time": rfc3339(time.time_ns() // 1_000), "level": "info", "service": service, "event": "request", **told}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    with jaeger(tmp_path_factory.mktemp("jaeger"), share=0) as (query, otlp):
        yield Told(query, otlp)


def test_errors_and_what_took_long_are_kept_and_nothing_else(told: Told) -> None:
    usual = [told.trace(status=200), told.trace(status=404), told.trace(level="warning"), told.trace(ms=200.0)]
    kept = [told.trace(level="error"), told.trace(status=503), told.trace(ms=260.0)]
    told.come(2, *kept)
    assert [told.spans(each) for each in usual] == [0] * len(usual)


def test_a_span_that_comes_after_the_decision_shares_it(told: Told) -> None:
    usual, wrong = told.trace(), told.trace(level="error")
    told.come(2, wrong)
    told.late(usual, wrong)
    told.come(3, wrong)
    assert told.spans(usual) == 0
