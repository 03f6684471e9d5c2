"""How many failures lock, and for how long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain.guesses import Guesses, LoginLocked, Patience
from services.contracts.clock import SECOND

PATIENCE = Patience(most=10, window=900 * SECOND, lock=900 * SECOND)


def after(*times: int) -> Guesses:
    """Failures at these seconds."""
    guesses = Guesses()
    for time in times:
        guesses = guesses.after_failure(time * SECOND, PATIENCE)
    return guesses


def test_nine_failures_lock_nothing_and_the_tenth_locks_for_fifteen_minutes() -> None:
    after(*range(9)).check(9 * SECOND)
    locked = after(*range(10))
    assert locked.locked_until == (9 + 900) * SECOND
    with pytest.raises(LoginLocked) as refused:
        locked.check(10 * SECOND)
    assert (refused.value.status, refused.value.code) == (429, "login_locked")
    assert refused.value.headers == {"Retry-After": "899"}


def test_a_lock_ends_by_itself_and_then_all_begins_anew() -> None:
    locked = after(*range(10))
    locked.check(locked.locked_until)
    assert locked.after_failure(locked.locked_until, PATIENCE) == Guesses(failed=(locked.locked_until,))


def test_any_ten_within_the_window_lock_wherever_it_begins() -> None:
    assert after(0, *range(895, 904)).locked_until == 0
    assert after(0, *range(895, 905)).locked_until == (904 + 900) * SECOND


@given(st.lists(st.integers(min_value=100, max_value=10_000), max_size=40))
def test_failures_far_enough_apart_never_lock(pauses: list[int]) -> None:
    times = [sum(pauses[: index + 1]) for index in range(len(pauses))]
    assert after(*times).locked_until == 0


def test_what_is_forgotten_makes_no_difference() -> None:
    assert Guesses().matters_until(PATIENCE) == 0
    assert after(3, 5).matters_until(PATIENCE) == (5 + 900) * SECOND
    assert after(3, 5).after_failure((5 + 900) * SECOND, PATIENCE) == after(5 + 900)
    locked = after(*range(10))
    assert locked.matters_until(PATIENCE) == locked.locked_until
