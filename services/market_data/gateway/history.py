"""Fills the days before the market's start, a day at a time and at leisure, so that nothing else waits for it.

Several processes may fill the same days: what is there stays. One of them does it unasked, and the others look.
"""

import asyncio
import time
from collections.abc import Iterable

from services.contracts.clock import DAY
from services.kernel.lost import is_lost
from services.kernel.service import Service
from services.market_data import handlers
from services.market_data.gateway.provider import Provider

DAYS = 30
AFTER_START = 1.0
"""Seconds that the other services' start goes first."""
LOOK_EVERY = 1.0
"""Seconds."""
RETRY = 1.0
"""Seconds until a provider that is lost is asked again."""
REST, LONGEST = 8, 2.0
"""After each day so many times as long as it took, so many seconds at most: nobody waits for it, and on a machine that
is busy a day takes long."""


class History:
    """``run`` fills every symbol, then rests; ``follow`` looks for what others filled; ``fill`` does one now."""

    def __init__(self, service: Service, provider: Provider, missing: Iterable[str]) -> None:
        self._service = service
        self._provider = provider
        self._missing = {symbol: asyncio.Lock() for symbol in missing}
        self._wanted = 0
        """Who waits now."""

    async def run(self) -> None:
        """Fill what is missing, then wait for the end."""
        await asyncio.sleep(AFTER_START)
        while self._missing:
            try:
                await self._fill(next(iter(self._missing)))
            except Exception as error:
                if not is_lost(error):
                    raise
                self._service.log.warning("history waits", error=str(error))
                await asyncio.sleep(RETRY)
        await asyncio.Event().wait()

    async def follow(self) -> None:
        """Look, until nothing is missing, what another process has filled; then wait for the end."""
        while self._missing:
            await asyncio.sleep(LOOK_EVERY)
            try:
                for symbol in await handlers.filled(self._service.database):
                    self._missing.pop(symbol, None)
            except Exception as error:
                if not is_lost(error):
                    raise
                self._service.log.warning("history is not looked at", error=str(error))
        await asyncio.Event().wait()

    def filled(self, symbol: str) -> bool:
        """Whether the symbol's history is stored."""
        return symbol not in self._missing

    async def fill(self, symbol: str) -> None:
        """Store the symbol's history now, unless it is there."""
        self._wanted += 1
        try:
            await self._fill(symbol)
        finally:
            self._wanted -= 1

    async def _fill(self, symbol: str) -> None:
        if symbol not in self._missing:
            return
        async with self._missing[symbol]:
            if symbol not in self._missing:
                return  # somebody else did
            start = await self._provider.beginning(symbol) or self._service.clock.now()
            today = start - start % DAY
            since = today - DAYS * DAY
            for day in range(since, today, DAY):
                began = time.perf_counter()
                bars = await self._provider.bars(symbol, day, day + DAY)
                await self._service.database.transact(handlers.keep_history, bars)
                if not self._wanted:
                    await asyncio.sleep(min(REST * (time.perf_counter() - began), LONGEST))
            await self._service.database.transact(handlers.complete_history, symbol, since)
            self._missing.pop(symbol, None)
