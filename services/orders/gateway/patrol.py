"""Looks now and then for what nobody announced, and ends what could not leave in time."""

import asyncio

from services.kernel.bell import Bell
from services.kernel.service import Service
from services.orders.gateway.telling import SECOND, Telling
from services.orders.handlers import reporting, session
from services.runtime import patience
from services.runtime.clock import wall

EVERY = 1.0
"""Seconds."""


class Patrol:
    """Of whoever has the way to the broker."""

    def __init__(self, service: Service, telling: Telling, bell: Bell) -> None:
        self._service = service
        self._telling = telling
        self._bell = bell

    async def walk(self) -> None:
        """For life."""
        while True:
            await asyncio.sleep(EVERY)
            await self.look()

    async def look(self) -> None:
        """End what nobody took in time (DESIGN.md, The life of an order, 3)."""
        too_long = int(patience.stretched(self._service.settings.orders.not_sent_after) * SECOND)
        async with self._service.database.reading() as connection:
            oldest = await session.oldest_waiting(connection)
        if oldest is None:
            return
        self._bell.ring(here=True)
        if oldest < wall() - too_long:
            ended = await self._service.database.transact(reporting.give_up, wall() - too_long)
            self._telling.reported(ended.told)
