"""Fills our copy of the instruments by asking market data, until it has answered once; events keep it then."""

import asyncio

import msgspec

from services.contracts.errors import DomainError
from services.contracts.instruments import ListedInstrument
from services.kernel.service import Service
from services.orders.handlers import instruments

PAUSE = 0.2
"""Seconds between two attempts."""


class InstrumentCopy:
    """Readiness waits for it; a copy of an earlier run is good enough to start with."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def filled(self) -> str | None:
        """Readiness: what is missing."""
        async with self._service.database.reading() as connection:
            known = await instruments.known(connection)
        return None if known else "no instruments yet"

    async def run(self) -> None:
        """For life: nothing is left to do once the copy is there."""
        while True:
            if await self._fill():
                await asyncio.Event().wait()
            await asyncio.sleep(PAUSE)

    async def _fill(self) -> bool:
        try:
            page = await self._service.peers["market_data"].json("GET", "/internal/instruments", internal=True)
        except DomainError as why:
            self._service.log.info("market data gives no instruments yet", why=why.detail)
            return False
        listed = msgspec.convert(page, list[ListedInstrument])
        await self._service.database.transact(instruments.fill, listed)
        self._service.log.info("instruments copied", count=len(listed))
        return bool(listed)
