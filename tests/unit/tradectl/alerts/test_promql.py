"""Which metrics an expression reads."""

import pytest

from tradectl.alerts.promql import base, metrics


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("up == 0", {"up"}),
        (
            'sum by (job, le) (rate(order_ack_seconds_bucket{job="orders", le="0.5"}[5m])) > 2',
            {"order_ack_seconds_bucket"},
        ),
        ("time() - max(backup_seconds) > 26 * 3600", {"backup_seconds"}),
        ("a / on (instance) group_left (node) b and not_a_word", {"a", "b", "not_a_word"}),
        ('slo:failures:ratio1h{slo="orders"} > 14.4 * 0.001', {"slo:failures:ratio1h"}),
        ("predict_linear(node_avail[6h], 24 * 3600) < 0 or x offset 5m > Inf", {"node_avail", "x"}),
        ('label_replace(x, "a", "$1", "b", "(.*)")', {"x"}),
    ],
)
def test_names_are_found_and_nothing_else(expression: str, names: set[str]) -> None:
    assert metrics(expression) == names


def test_a_series_of_a_histogram_is_of_its_metric() -> None:
    assert base("ack_seconds_bucket", frozenset({"ack_seconds"})) == "ack_seconds"
    assert base("errors_count", frozenset({"ack_seconds"})) == "errors_count"
