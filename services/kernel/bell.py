"""Rings when something waits for the process that holds a lease: in this one, or by the cache in the other one.

A ring may be lost: who listens also looks now and then.
"""

import asyncio

from structlog.typing import FilteringBoundLogger

from services.kernel.cache import Cache
from services.kernel.lost import is_lost


class Bell:
    """``listen`` is a loop for as long as this process holds the lease."""

    def __init__(self, cache: Cache, channel: str, log: FilteringBoundLogger) -> None:
        self._cache = cache
        self._channel = channel
        self._log = log
        self._rung = asyncio.Event()
        self._away: set[asyncio.Task[None]] = set()

    def ring(self, *, here: bool) -> None:
        """Something waits, for this process or for another one."""
        if here:
            self._rung.set()
            return
        task = asyncio.get_running_loop().create_task(self._ring_away())
        self._away.add(task)
        task.add_done_callback(self._away.discard)

    @property
    def rung(self) -> bool:
        """Whether it has rung and nobody has heard it yet."""
        return self._rung.is_set()

    async def heard(self, within: float | None = None) -> bool:
        """Whether it has rung since the last time, or does so within some seconds."""
        try:
            async with asyncio.timeout(within):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True

    async def listen(self) -> None:
        """Ring here when another process rings; also when it may have been missed."""
        subscription = await self._cache.subscribe(self._channel)
        try:
            async for _ in subscription:
                self._rung.set()
        finally:
            await subscription.close()

    async def _ring_away(self) -> None:
        try:
            await self._cache.publish([(self._channel, b"")])
        except Exception as error:
            if not is_lost(error):
                raise
            self._log.info("the bell is not heard", channel=self._channel, error=str(error))
