"""The market's channels of the cache: one subscription for all clients, what came flushed twenty times a second.

At full speed thousands of messages come between two flushes; each costs an append here, and the rest once a batch.
"""

import asyncio
import time
from typing import Protocol

from services.kernel.cache import LOST, Cache, Subscription

FLUSH_EVERY = 0.05
"""Seconds between two flushes; the first message after a silence is flushed at once."""


class Collector(Protocol):
    """Takes what came of its channels."""

    raws: list[bytes]

    def flush(self) -> None:
        """Take the raw messages."""

    def lost(self) -> None:
        """Some messages never came."""


class Feed:
    """``run`` is its loop for life."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._collectors: dict[str, Collector] = {}
        self._subscription: Subscription | None = None
        self._flushed = 0.0
        self.taken = 0
        """Messages."""
        self._due: asyncio.TimerHandle | None = None

    async def open(self) -> None:
        """Subscribe, to nothing yet."""
        self._subscription = await self._cache.subscribe()

    async def add(self, collector: Collector, *channels: str) -> None:
        """Collect these channels from now on."""
        for channel in channels:
            self._collectors[channel] = collector
        if self._subscription is not None:
            await self._subscription.add(*channels)

    async def remove(self, *channels: str) -> None:
        """Collect them no more."""
        for channel in channels:
            self._collectors.pop(channel, None)
        if self._subscription is not None:
            await self._subscription.remove(*channels)

    async def run(self) -> None:
        """Append what comes to where it belongs."""
        if self._subscription is None:
            raise LookupError("the feed is not open")
        collectors = self._collectors
        async for messages in self._subscription:
            if messages is LOST:
                for each in dict.fromkeys(collectors.values()):
                    each.lost()
                continue
            self.taken += len(messages)
            for channel, raw in messages:
                collector = collectors.get(channel)
                if collector is not None:
                    collector.raws.append(raw)
            if self._due is None:
                wait = self._flushed + FLUSH_EVERY - time.monotonic()
                self._due = asyncio.get_running_loop().call_later(max(wait, 0.0), self._flush)
        raise ConnectionError("the cache ended the subscription")

    def _flush(self) -> None:
        self._due = None
        for collector in dict.fromkeys(self._collectors.values()):
            if collector.raws:
                collector.flush()
        self._flushed = time.monotonic()
