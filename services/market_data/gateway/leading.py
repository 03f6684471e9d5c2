"""Of several processes that follow the provider one leads: it stores what is counted and passes the market on.

The others follow in silence, so that each can answer what is asked, and go on where the leader was when it is gone.
"""

import asyncio

from services.kernel.lost import is_lost
from services.kernel.service import Service
from services.market_data.gateway.feed import Feed
from services.market_data.gateway.history import History

PAUSE = 0.5
"""Seconds that a lost part is left alone."""


class Leading:
    """``run`` is a loop for life."""

    def __init__(self, service: Service, feed: Feed, history: History) -> None:
        self._log = service.log
        self._feed = feed
        self._history = history

    async def run(self) -> None:
        """Lead whenever the lease is held."""
        await self._feed.lease.run(self._lead)

    async def _lead(self) -> None:
        try:
            await self._begin()
            await self._history.run()
        finally:
            self._feed.fall_silent()

    async def _begin(self) -> None:
        """However long the database is lost."""
        while True:
            try:
                return await self._feed.take_over()
            except Exception as error:
                if not is_lost(error):
                    raise
                self._log.warning("leading waits", error=str(error))
            await asyncio.sleep(PAUSE)
