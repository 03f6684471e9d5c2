"""The only loop in the tests that waits."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

T = TypeVar("T")
PATIENCE = 20.0
"""Seconds; a busy machine with two workers of tests needs more than a quick one by far."""


@overload
async def eventually(probe: Callable[[], Awaitable[T | None]], timeout: float = PATIENCE, every: float = 0.01) -> T: ...
@overload
async def eventually(probe: Callable[[], T | None], timeout: float = PATIENCE, every: float = 0.01) -> T: ...
async def eventually(probe: Callable[[], Any], timeout: float = PATIENCE, every: float = 0.01) -> Any:
    """The first truthy answer of `probe`, which is asked every `every` s and may raise until `timeout` s are over."""
    deadline = time.monotonic() + timeout
    while True:
        answer, cause = await _ask(probe)
        if answer:
            return answer
        if time.monotonic() >= deadline:
            outcome = f"raised {cause!r}" if cause else f"answered {answer!r}"
            raise AssertionError(f"not within {timeout} s: the probe last {outcome}") from cause
        await asyncio.sleep(every)


async def _ask(probe: Callable[[], Any]) -> tuple[Any, Exception | None]:
    try:
        answer = probe()
        return (await answer if inspect.isawaitable(answer) else answer), None
    except Exception as error:  # noqa: BLE001 (what the probe raises is its answer so far)
        return None, error
