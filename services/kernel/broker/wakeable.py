"""Waiting for something to come."""

import asyncio


class Wakeable:
    """One who waits for something to come."""

    def __init__(self) -> None:
        self._sleeper: asyncio.Future[None] | None = None

    def _wake(self) -> None:
        if self._sleeper is not None and not self._sleeper.done():
            self._sleeper.set_result(None)

    async def _sleep(self, timeout: float | None = None) -> bool:
        """Whether it was woken before the timeout."""
        self._sleeper = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(timeout):
                await self._sleeper
        except TimeoutError:
            return False
        finally:
            self._sleeper = None
        return True
