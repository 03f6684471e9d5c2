"""The waiting loop answers as soon as it can, and says what it saw when it cannot."""

import pytest

from tests.eventually import eventually


async def test_the_first_truthy_answer_is_returned() -> None:
    answers = iter([0, None, 7, 8])
    assert await eventually(lambda: next(answers), every=0) == 7


async def test_an_awaitable_answer_is_awaited() -> None:
    async def probe() -> str:
        return "ready"

    assert await eventually(probe) == "ready"


async def test_a_probe_may_raise_before_it_answers() -> None:
    divisors = iter([0, 0, 2])
    assert await eventually(lambda: 1 / next(divisors), every=0) == 0.5


async def test_past_the_deadline_the_last_answer_is_named() -> None:
    with pytest.raises(AssertionError, match=r"not within 0\.0 s: the probe last answered \[\]"):
        await eventually(list[int], timeout=0.0)


async def test_past_the_deadline_the_last_exception_is_the_cause() -> None:
    with pytest.raises(AssertionError, match="ZeroDivisionError") as failure:
        await eventually(lambda: 1 / 0, timeout=0.0)
    assert isinstance(failure.value.__cause__, ZeroDivisionError)
