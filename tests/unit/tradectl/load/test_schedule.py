"""Schedules and the shapes that they make."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from tradectl.load.schedule import Arrivals, due_times
from tradectl.load.shapes import SHAPES, Shape, ramp, spike, steady, stress


def all_due(shape: Shape, users: int = 5, seed: int = 1, arrivals: Arrivals = "poisson") -> list[float]:
    return sorted(due for user in range(users) for due in due_times(shape, users, user, seed, arrivals))


@pytest.mark.parametrize("make", SHAPES.values(), ids=SHAPES)
def test_users_together_make_the_shape(make: Callable[[float, float], Shape]) -> None:
    shape = make(200.0, 20.0)
    due = all_due(shape)
    assert len(due) == pytest.approx(shape.total, rel=0.08)
    half = [moment for moment in due if moment < 10.0]
    middle = next(count for count in range(100_000) if (when := shape.when(count)) is None or when >= 10.0)
    assert len(half) == pytest.approx(middle, rel=0.1, abs=20)


def test_the_same_seed_makes_the_same_schedule_and_another_one_does_not() -> None:
    assert all_due(steady(50.0, 5.0)) == all_due(steady(50.0, 5.0))
    assert all_due(steady(50.0, 5.0)) != all_due(steady(50.0, 5.0), seed=2)


def test_a_constant_schedule_is_even() -> None:
    due = all_due(steady(50.0, 4.0), users=8, arrivals="constant")
    assert len(due) == 200
    assert all(after - before == pytest.approx(0.02) for before, after in pairwise(due))


def test_poisson_arrivals_are_as_uneven_as_chance() -> None:
    gaps = [after - before for before, after in pairwise(all_due(steady(100.0, 60.0)))]
    mean = sum(gaps) / len(gaps)
    variance = sum((gap - mean) ** 2 for gap in gaps) / len(gaps)
    assert variance == pytest.approx(mean * mean, rel=0.15)


def test_the_rate_is_that_of_the_lines_between_the_points() -> None:
    assert ramp(100.0, 10.0).rate(5.0) == pytest.approx(50.0)
    assert spike(100.0, 10.0).rate(5.0) == pytest.approx(400.0)
    assert stress(100.0, 10.0).rate(9.5) == pytest.approx(200.0)
    assert steady(100.0, 10.0).rate(10.0) == 0.0


def test_when_is_the_inverse_of_the_counts() -> None:
    shape = spike(40.0, 10.0)
    for (moment, _), count in zip(shape.points[:-1], shape.counts()[:-1], strict=True):
        assert shape.when(count) == pytest.approx(moment)
    assert shape.when(shape.total) is None
