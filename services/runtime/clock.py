"""Clocks of a process: market time from a ClockState, and the wall."""

import asyncio
import heapq
import itertools
import time
from typing import cast

import msgspec

from services.contracts.clock import MICROSECOND, SECOND, Clock, ClockState
from services.runtime import local


def wall() -> int:
    """Wall time in microseconds since 1970 UTC."""
    return time.time_ns() // 1_000


def seconds_since(moment: int | None) -> float:
    """How old by wall time what was made at this moment is; 0 where there is nothing."""
    return 0.0 if moment is None else max(0, wall() - moment) / SECOND


class Wall:
    """The machine's time of day as a clock: what market time is in the cluster."""

    def now(self) -> int:
        return wall()

    async def sleep_until(self, moment: int) -> None:
        # Sleeps once more when the loop's timer was early or the time of day was set back.
        while (left := moment - wall()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(left * MICROSECOND / SECOND)

    async def stand(self) -> None:
        """Never."""
        await asyncio.Event().wait()


WALL = Wall()


class MarketClock:
    """Market time in one process: follows a state and wakes whoever sleeps when the state changes."""

    def __init__(self, state: ClockState) -> None:
        self._state = state
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._alarm: asyncio.TimerHandle | None = None
        self._stands = asyncio.Event()
        self._note(state)

    @property
    def state(self) -> ClockState:
        return self._state

    @state.setter
    def state(self, state: ClockState) -> None:
        """Set by the clock's owner: another speed, a pause, a jump."""
        self._become(state)

    def _become(self, state: ClockState) -> None:
        self._state = state
        self._note(state)
        self._wake()

    def _note(self, state: ClockState) -> None:
        if state.mode == "paused":
            self._stands.set()
        else:
            self._stands.clear()

    def now(self) -> int:
        return self._state.at(time.monotonic_ns())

    def advance(self, moment: int) -> None:
        """Move driven time forward to a moment; never back."""
        if moment > self.now():
            self.state = msgspec.structs.replace(self._state, market=moment, anchor=time.monotonic_ns())

    async def stand(self) -> None:
        await self._stands.wait()

    async def sleep_until(self, moment: int) -> None:
        if self.now() >= moment:
            return
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (moment, next(self._order), sleeper))
        if self._sleepers[0][2] is sleeper:
            self._arm()
        await sleeper

    def due(self) -> int | None:
        """The next moment that anybody sleeps until; none when nobody does."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    def _wake(self) -> None:
        now = self.now()
        while (due := self.due()) is not None and due <= now:
            heapq.heappop(self._sleepers)[2].set_result(None)
        self._arm()

    def _arm(self) -> None:
        """One timer of the loop for the earliest sleeper; none while time stands, or when it will stand before."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        due, state = self.due(), self._state
        if due is None or state.mode != "running" or state.speed <= 0 or due > (state.until or due):
            return
        delay = (due - self.now()) * MICROSECOND / SECOND / state.speed
        self._alarm = asyncio.get_running_loop().call_later(max(delay, 0.0), self._wake)


def clock_for(url: str) -> Clock:
    """``wall``, or the clock that this process offers under its URL: its own, or one that it follows."""
    return WALL if url == "wall" else cast("Clock", local.find(url))
