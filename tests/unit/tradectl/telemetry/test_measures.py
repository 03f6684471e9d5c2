"""Rates of counters, quantiles of histograms, gauges."""

from math import inf

import pytest

from tradectl.telemetry.measures import measures, quantile
from tradectl.telemetry.source import Series

TEN = 10_000_000
"""Ten seconds in microseconds."""


def series(name: str, *values: float, part: str = "orders", **labels: str) -> Series:
    return Series(part, name, labels, [(number * TEN, value) for number, value in enumerate(values)])


def values(of: list[Series], name: str, *, by_label: bool = False) -> list[list[float]]:
    return [measure.values for measure in measures(of, by_label=by_label) if measure.name == name]


def test_a_counter_is_read_as_how_much_it_grew_a_second() -> None:
    assert values([series("order_reports_total", 5, 25, 25)], "order_reports rate") == [[2.0, 0.0]]


def test_a_counter_that_fell_began_anew() -> None:
    assert values([series("order_reports_total", 100, 30)], "order_reports rate") == [[3.0]]


def test_label_sets_of_one_part_are_taken_together_unless_each_is_asked_for() -> None:
    both = [series("order_reports_total", 0, 10, kind="new"), series("order_reports_total", 0, 20, kind="fill")]
    assert values(both, "order_reports rate") == [[3.0]]
    assert values(both, "order_reports rate", by_label=True) == [[2.0], [1.0]]


def test_parts_are_never_taken_together() -> None:
    gauges = [series("open", 1, 2, part="bff"), series("open", 5, part="chat")]
    assert [(each.part, each.values) for each in measures(gauges)] == [("bff", [1, 2]), ("chat", [5])]


def test_a_processor_is_read_in_cores() -> None:
    (measure,) = measures([series("process_cpu_seconds_total", 0, 5)])
    assert (measure.unit, measure.now) == ("cores", 0.5)


def test_a_histogram_is_read_as_a_rate_and_quantiles_of_what_came_between_two_looks() -> None:
    of = [
        series("ack_bucket", 100, 100, 100, le="0.1"),
        series("ack_bucket", 100, 110, 110, le="0.2"),
        series("ack_bucket", 100, 110, 110, le="+Inf"),
        series("ack_count", 100, 110, 110),
        series("ack_sum", 1, 2, 2),
    ]
    assert values(of, "ack rate") == [[1.0, 0.0]]
    assert values(of, "ack p50") == [[pytest.approx(0.15)]]
    assert [measure.name for measure in measures(of)] == ["ack p50", "ack p99", "ack rate"]


def test_what_lies_above_the_last_bound_is_said_to_be_the_last_bound() -> None:
    assert quantile({0.1: 0, inf: 4}, 0.5) == 0.1


def test_a_quantile_of_nothing_is_none() -> None:
    assert quantile({0.1: 0, inf: 0}, 0.5) is None
