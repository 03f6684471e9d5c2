"""What waits for an answer, and is told to end."""

import asyncio

import pytest

from services.runtime.waiting import mend, wait_for


async def test_a_cancellation_that_comes_with_the_answer_is_not_forgotten() -> None:
    answer = asyncio.get_running_loop().create_future()
    waiting = asyncio.ensure_future(wait_for(answer, 10))
    await asyncio.sleep(0)
    answer.set_result("here")
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_an_answer_in_time_is_given_and_a_late_one_is_not_waited_for() -> None:
    answer = asyncio.get_running_loop().create_future()
    answer.set_result("here")
    assert (await wait_for(answer, 10), await wait_for(answer, None)) == ("here", "here")
    with pytest.raises(TimeoutError):
        await wait_for(asyncio.Event().wait(), 0.001)


async def test_libraries_have_it_too() -> None:
    mend()
    answer = asyncio.get_running_loop().create_future()
    waiting = asyncio.ensure_future(asyncio.wait_for(answer, 10))
    await asyncio.sleep(0)
    answer.set_result("here")
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
