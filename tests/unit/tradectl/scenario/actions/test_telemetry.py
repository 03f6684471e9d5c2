"""Traces by their log lines: through which services, what was told, and how grave it was."""

from typing import Any

from tradectl.scenario.actions.telemetry import told


def line(trace: str, service: str, event: str, level: str = "info") -> dict[str, Any]:
    return {"trace_id": trace, "service": service, "event": event, "level": level}


LINES = [
    line("a", "orders", "sent"),
    line("b", "auth", "request"),
    line("a", "orders", "request", "warning"),
    line("a", "bff", "request"),
    {"service": "venue", "event": "started", "level": "info"},
]


def test_a_trace_is_told_by_its_own_lines_in_their_order() -> None:
    assert told(LINES, {"a"}) == [
        {"id": "a", "services": ["orders", "bff"], "events": ["sent", "request"], "level": "warning", "lines": 3}
    ]


def test_each_trace_is_one_item_and_an_unknown_one_is_none() -> None:
    assert [each["id"] for each in told(LINES, {"a", "b", "c"})] == ["a", "b"]


def test_a_level_that_nobody_knows_is_the_gravest() -> None:
    assert told([line("a", "x", "y", "fatal"), line("a", "x", "y", "critical")], {"a"})[0]["level"] == "fatal"
