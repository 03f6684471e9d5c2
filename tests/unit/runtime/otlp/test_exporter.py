from typing import Any

import pytest

from services.runtime.otlp import exporter
from services.runtime.otlp.encoding import logs_of
from services.runtime.otlp.exporter import BATCH, MOST, Channel, Exporter, address

LINE: dict[str, Any] = {"time": "2024-08-08T07:10:00.250000Z", "service": "orders", "event": "sent"}


def channel(monkeypatch: pytest.MonkeyPatch, outcome: str) -> tuple[Channel, list[bytes]]:
    """A channel whose endpoint answers like this, and what it was sent."""
    sent: list[bytes] = []

    def post(url: str, body: bytes) -> str:
        sent.append(body)
        return outcome

    monkeypatch.setattr(exporter, "posted", post)
    return Channel("logs", "http://127.0.0.1:1/v1/logs", logs_of), sent


def test_what_waits_is_sent_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    made, sent = channel(monkeypatch, "taken")
    made.add([LINE] * (BATCH + 1))
    made.flush()
    assert (len(sent), made.sent, made.dropped, len(made.waiting)) == (2, BATCH + 1, 0, 0)


def test_an_endpoint_that_is_gone_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    made, sent = channel(monkeypatch, "again")
    made.add([LINE])
    made.flush()
    made.flush()
    assert (len(sent), made.sent, len(made.waiting)) == (1, 0, 1)


def test_the_queue_is_bounded_and_drops_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = channel(monkeypatch, "again")
    made.add([LINE] * (MOST + 7))
    assert (len(made.waiting), made.dropped) == (MOST, 7)


def test_what_is_refused_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = channel(monkeypatch, "refused")
    made.add([LINE] * 3)
    made.flush()
    assert (len(made.waiting), made.dropped) == (0, 3)


def test_addresses_are_named_as_opentelemetry_names_them() -> None:
    common = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://jaeger:4318/"}
    assert address(common, exporter.TRACES, "traces") == "http://jaeger:4318/v1/traces"
    assert address({exporter.LOGS: "http://loki:3100/otlp/v1/logs"}, exporter.LOGS, "logs").endswith("/otlp/v1/logs")
    assert address(common, exporter.LOGS, "logs") == ""


def test_nothing_is_exported_where_nobody_asks_for_it() -> None:
    assert not Exporter({})
    assert not Exporter({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://jaeger:4318", "OTEL_SDK_DISABLED": "true"})
