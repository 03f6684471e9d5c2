"""The search for the highest rate, on platforms that are a number."""

import pytest

from tradectl.load.capacity import search


@pytest.mark.parametrize("limit", [26.0, 100.0, 333.0, 1_500.0])
def test_the_highest_rate_that_holds_is_found_to_within_the_precision(limit: float) -> None:
    found = search(lambda rate: rate <= limit, 25.0, 2_000.0, 0.05)
    assert limit * 0.95 <= found.capacity <= limit
    assert found.broke is not None
    assert found.broke > limit


def test_a_platform_that_holds_the_highest_rate_is_not_asked_for_more() -> None:
    found = search(lambda _: True, 100.0, 1_000.0)
    assert (found.capacity, found.broke) == (1_000.0, None)
    assert max(rate for rate, _ in found.tries) == 1_000.0


def test_a_platform_that_does_not_hold_the_lowest_rate_has_no_capacity() -> None:
    assert search(lambda _: False, 100.0, 1_000.0).capacity == 0.0


def test_one_bad_moment_is_not_the_capacity() -> None:
    moments = iter([False, True])
    found = search(lambda rate: next(moments, rate <= 400.0), 100.0, 1_000.0, 0.05)
    assert 380.0 <= found.capacity <= 400.0


def test_a_search_ends() -> None:
    coin = iter([True, False] * 100)
    assert len(search(lambda _: next(coin), 10.0, 1e9, 0.0001, most=20).tries) <= 20
