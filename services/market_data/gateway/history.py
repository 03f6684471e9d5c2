"""Fills the days before the market's start, a day at a time, so that nothing else waits for it."""

import asyncio

from services.contracts.clock import DAY
from services.kernel.service import Service
from services.market_data import handlers
from services.market_data.gateway.provider import Provider

DAYS = 30
AT_ONCE = 5
"""Days fetched and stored in one step."""


class History:
    """``run`` fills every symbol, then rests; ``fill`` is for who needs one now."""

    def __init__(self, service: Service, provider: Provider, today: int) -> None:
        self._service = service
        self._provider = provider
        self._today = today - today % DAY
        self._missing: dict[str, asyncio.Lock] = {}

    def needs(self, symbol: str) -> None:
        """The symbol's history is not stored yet."""
        self._missing[symbol] = asyncio.Lock()

    async def run(self) -> None:
        """Fill what is missing, then wait for the end."""
        for symbol in list(self._missing):
            await self.fill(symbol)
        await asyncio.Event().wait()

    async def fill(self, symbol: str) -> None:
        """Store the symbol's history, unless it is there."""
        lock = self._missing.get(symbol)
        if lock is None:
            return
        async with lock:
            if symbol not in self._missing:
                return
            since = self._today - DAYS * DAY
            for start in range(since, self._today, AT_ONCE * DAY):
                end = min(start + AT_ONCE * DAY, self._today)
                bars = await self._provider.bars(symbol, start, end)
                await self._service.database.transact(
                    handlers.keep_history, symbol, bars, since=since, complete=end == self._today
                )
            self._missing.pop(symbol, None)
