"""Rings when a message waits for the FIX session: in this process, or by the cache in the one that has the session.

A ring that is lost costs a second, until the gateway's patrol looks.
"""

import asyncio

from services.kernel.lost import is_lost
from services.kernel.service import Service

CHANNEL = "orders:waiting"


class Bell:
    """``listen`` is a loop for as long as this process has the session."""

    def __init__(self, service: Service) -> None:
        self._cache = service.cache
        self._log = service.log
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

    async def heard(self) -> None:
        """Return when it has rung since the last time."""
        await self._rung.wait()
        self._rung.clear()

    async def listen(self) -> None:
        """Ring here when another process rings; also when it may have been missed."""
        subscription = await self._cache.subscribe(CHANNEL)
        try:
            async for _ in subscription:
                self._rung.set()
        finally:
            await subscription.close()

    async def _ring_away(self) -> None:
        try:
            await self._cache.publish([(CHANNEL, b"")])
        except Exception as error:
            if not is_lost(error):
                raise
            self._log.info("the bell is not heard", error=str(error))
