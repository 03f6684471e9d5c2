"""A connection that is made when it is asked for, and anew when it was lost."""

import asyncio
import random

from yarl import URL

from services.kernel.broker.protocol import BrokerLost
from services.kernel.broker.rabbit.wire import Wire
from services.runtime import log

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
"""Seconds between two attempts, doubled up to the longest, with jitter; who asks meanwhile is refused at once."""


class Link:
    """One of the process's connections; nothing runs in the background but the signs of life of the wire."""

    def __init__(self, address: URL, name: str) -> None:
        self.closed = False
        self._address = address
        self._name = name
        self._wire: Wire | None = None
        self._connecting = asyncio.Lock()
        self._pause = FIRST_PAUSE
        self._not_before = 0.0
        self._lost: str | None = None
        self._log = log.of_process()

    async def wire(self) -> Wire:
        """The connection; BrokerLost within seconds when there is none to be had."""
        wire = self._alive()
        if wire is None:
            async with self._connecting:
                wire = self._alive() or await self._connect()
        return wire

    async def close(self) -> None:
        """End it for good."""
        self.closed = True
        async with self._connecting:
            if self._wire is not None:
                await self._wire.close()

    def _alive(self) -> Wire | None:
        if self.closed:
            raise BrokerLost("the connection is closed")
        return self._wire if self._wire is not None and self._wire.ended is None else None

    async def _connect(self) -> Wire:
        loop = asyncio.get_running_loop()
        if loop.time() < self._not_before:
            raise BrokerLost(self._lost)
        try:
            self._wire = await Wire.open(self._address, self._name)
        except BrokerLost as error:
            self._fail(str(error), loop.time())
            raise
        self._pause = FIRST_PAUSE
        if self._lost is not None:
            self._log.info("broker back", connection=self._name)
            self._lost = None
        return self._wire

    def _fail(self, why: str, now: float) -> None:
        if self._lost is None:
            self._log.warning("broker not there", connection=self._name, error=why)
        self._lost = why
        self._not_before = now + random.uniform(self._pause / 2, self._pause)
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
