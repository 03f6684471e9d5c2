"""Market time in a process that does not own it: the owner tells its state, and each change of it.

Both are on one machine and share its monotonic clock, so that a state is enough to tell the time until the next one.
"""

import asyncio
from collections.abc import AsyncIterator

import msgspec

from services.contracts.clock import ClockState
from services.runtime import local, log
from services.runtime.clock import MarketClock

PAUSE = 0.1
"""Seconds until an owner that went away is asked again."""


class Follower:
    """``clock`` is offered to this process under the owner's URL; it goes on as it was while the owner is away."""

    def __init__(self, url: str, first: ClockState, states: AsyncIterator[ClockState]) -> None:
        self.clock = MarketClock(first)
        local.offer(url, self.clock)
        self._task = asyncio.create_task(self._follow(states))

    async def _follow(self, states: AsyncIterator[ClockState]) -> None:
        async for state in states:
            self.clock.state = state

    async def close(self) -> None:
        """Time goes on, but nobody tells it of changes."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def follow(url: str) -> Follower:
    """Follow the clock at ``http://HOST:PORT``; returns when it has told the time."""
    states = told(url)
    return Follower(url, await anext(states), states)


async def told(url: str) -> AsyncIterator[ClockState]:
    """The owner's state, and each other one, for life; an owner that is away is waited for."""
    from websockets.asyncio.client import connect
    from websockets.exceptions import WebSocketException

    away = False
    while True:
        try:
            async with connect(f"{url.replace('http', 'ws', 1)}/clock/states", compression=None, proxy=None) as socket:
                async for state in socket:
                    away = False
                    yield msgspec.json.decode(state, type=ClockState)
        except (OSError, WebSocketException) as error:
            if not away:
                log.of_process().warning("the clock is away", error=repr(error))
            away = True
        await asyncio.sleep(PAUSE)
