"""Quantiles out of buckets."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradectl.load.histogram import Histogram


def filled(*seconds: float) -> Histogram:
    histogram = Histogram()
    for each in seconds:
        histogram.add(each)
    return histogram


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99, 0.999, 1.0])
def test_a_quantile_is_within_one_per_cent_of_the_exact_one(share: float) -> None:
    chance = Random(7)
    values = sorted(chance.lognormvariate(-5, 1.5) for _ in range(20_000))
    exact = values[max(0, round(share * len(values)) - 1)]
    assert filled(*values).quantile(share) == pytest.approx(exact, rel=0.011)


@given(st.lists(st.lists(st.floats(1e-6, 100.0), max_size=20), max_size=5))
def test_parts_merge_to_the_whole(parts: list[list[float]]) -> None:
    whole = filled(*(each for part in parts for each in part))
    assert Histogram.merged(filled(*part).counts for part in parts).counts == whole.counts


def test_of_nothing_there_is_nothing_to_say() -> None:
    assert (Histogram().quantile(0.99), Histogram().mean(), Histogram().total) == (0.0, 0.0, 0)


def test_the_mean_is_that_of_the_values() -> None:
    assert filled(0.001, 0.002, 0.003).mean() == pytest.approx(0.002, rel=0.01)
