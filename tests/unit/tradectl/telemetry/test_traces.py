"""Traces by their log lines: through which services, what was told, and how grave it was."""

from typing import Any

from tradectl.telemetry.traces import last, told


def line(trace: str, service: str, event: str, level: str = "info") -> dict[str, Any]:
    return {"trace_id": trace, "service": service, "event": event, "level": level}


def at(time: str, **fields: str) -> dict[str, Any]:
    return {"trace_id": "a", "service": "orders", "event": "request", "time": time, **fields}


LINES = [
    line("a", "orders", "sent"),
    line("b", "auth", "request"),
    line("a", "orders", "request", "warning"),
    line("a", "bff", "request"),
    {"service": "venue", "event": "started", "level": "info"},
]


def test_a_trace_is_told_by_its_own_lines_in_their_order() -> None:
    (trace,) = told(LINES, {"a"})
    assert (trace["id"], trace["services"], trace["events"]) == ("a", ["orders", "bff"], ["sent", "request"])
    assert (trace["level"], trace["lines"]) == ("warning", 3)


def test_each_trace_is_one_item_and_an_unknown_one_is_none() -> None:
    assert [each["id"] for each in told(LINES, {"a", "b", "c"})] == ["a", "b"]


def test_a_level_that_nobody_knows_is_the_gravest() -> None:
    assert told([line("a", "x", "y", "fatal"), line("a", "x", "y", "critical")], {"a"})[0]["level"] == "fatal"


def test_a_trace_says_when_it_was_and_which_orders_it_was_about() -> None:
    (trace,) = told([at("10:00", order_id="1"), at("10:02", order_id="1"), at("10:01", order_id="2")])
    assert (trace["began"], trace["ended"], trace["orders"]) == ("10:00", "10:02", ["1", "2"])


def test_the_last_traces_are_those_that_were_told_of_last_and_the_grave_ones() -> None:
    lines = [line("a", "bff", "x", "error"), *(line(trace, "bff", "x") for trace in "bcdb")]
    assert last(lines, 2) == {"a", "b", "d"}
