"""`asyncio.wait_for` as Python 3.12 has it, on 3.11 too."""

import asyncio
import sys
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def wait_for(awaitable: Awaitable[T], timeout: float | None) -> T:
    """What is awaited, within so many seconds, else TimeoutError; whoever cancels this cancels this."""
    async with asyncio.timeout(timeout):
        return await awaitable


def mend() -> None:
    """Give every library this one.

    That of 3.11 forgets a cancellation that comes in the same turn of the loop as what it waits for (gh-86296), and a
    loop for life that connects to a database just then was told to end and goes on.
    """
    if sys.version_info < (3, 12):
        asyncio.wait_for = wait_for  # type: ignore[assignment]
