"""The catalogue of metrics keeps to the conventions that its readers rely on."""

import re

import pytest

from services.contracts.metrics import EXPORTERS, OF_TARGET, Metric, declared

ALL = list(declared(*EXPORTERS.values()))
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")
WITHOUT_BOUND = {"user_id", "order_id", "account_id", "trace_id", "request_id", "path", "url", "address", "email"}


def test_no_name_is_declared_twice() -> None:
    names = [metric.name for metric in ALL]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("metric", ALL, ids=lambda metric: metric.name)
def test_a_name_says_kind_and_unit(metric: Metric) -> None:
    assert NAME.fullmatch(metric.name)
    assert metric.name.endswith("_total") == (metric.kind == "counter")
    base = metric.name.removesuffix("_total")
    if metric.unit:
        assert base.endswith(f"_{metric.unit}")
    assert not base.endswith(("_ms", "_milliseconds", "_count", "_sum", "_bucket"))


@pytest.mark.parametrize("metric", ALL, ids=lambda metric: metric.name)
def test_no_label_is_one_that_a_scrape_adds(metric: Metric) -> None:
    assert not OF_TARGET & set(metric.labels)


@pytest.mark.parametrize("metric", ALL, ids=lambda metric: metric.name)
def test_no_label_is_without_bound(metric: Metric) -> None:
    assert not WITHOUT_BOUND & set(metric.labels)
    assert len(metric.labels) <= 3
    assert list(metric.buckets) == sorted(metric.buckets)
