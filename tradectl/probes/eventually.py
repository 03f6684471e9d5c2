"""The only loop of the tool that waits."""

import time
from collections.abc import Callable
from typing import TypeVar

from tradectl.errors import ExitCode, TradectlError

T = TypeVar("T")


def eventually(probe: Callable[[], T | None], timeout: float, *, what: str, every: float = 0.02, hint: str = "") -> T:
    """The first answer of ``probe`` that is not None; TradectlError naming ``what`` after ``timeout`` seconds."""
    deadline = time.monotonic() + timeout
    while (answer := probe()) is None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TradectlError(f"{what}: not within {timeout:g} s", hint, ExitCode.TIMEOUT)
        time.sleep(min(every, left))
    return answer
