"""The side that connects: again and again, with backoff and jitter, until it is stopped."""

import asyncio
import logging
import random
from types import TracebackType
from typing import Self

from services.fix.transport.endpoint import Endpoint

log = logging.getLogger(__name__)

FIRST_DELAY, LONGEST_DELAY = 0.05, 10.0
"""Seconds between two attempts; doubled from one to the next."""
CONNECT_TIMEOUT = 5.0


class Initiator:
    """Keeps the endpoint's session up while the context lasts, and logs out at its end."""

    def __init__(self, endpoint: Endpoint, host: str, port: int) -> None:
        self._endpoint = endpoint
        self._address = host, port
        self._task: asyncio.Task[None] | None = None
        self._failures = 0

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._keep_connected())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is None:
            return
        try:
            await self._endpoint.leave()
        finally:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _keep_connected(self) -> None:
        while True:
            await self._connect_once()
            await asyncio.sleep(self._delay())

    async def _connect_once(self) -> None:
        self._failures += 1
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                reader, writer = await asyncio.open_connection(*self._address)
        except (OSError, TimeoutError) as why:
            log.info("FIX connection to %s:%d failed: %s", *self._address, why)
            return
        try:
            if await self._endpoint.attach(reader, writer):
                self._failures = 0
        except Exception:
            log.exception("FIX session with %s broke", self._endpoint.settings.target_comp_id)

    def _delay(self) -> float:
        longest = min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(self._failures, 10))
        return random.uniform(longest / 2, longest)
