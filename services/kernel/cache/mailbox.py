"""What waits for one subscriber: messages up to a bound, or word that some were lost."""

import asyncio
from typing import Self

from services.kernel.cache.protocol import LOST, Messages


class Mailbox:
    """The reading side of a subscription, whatever fills it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: list[tuple[str, bytes]] = []
        self._lost = False
        self._closed = False
        self._reader: asyncio.Future[None] | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Messages:
        while True:
            if self._closed:
                raise StopAsyncIteration
            if self._lost:
                self._lost = False
                return LOST
            if self._waiting:
                messages, self._waiting = self._waiting, []
                return messages
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader

    def offer(self, messages: list[tuple[str, bytes]]) -> None:
        """Take messages; when too many wait, those that waited longest are lost."""
        if len(self._waiting) + len(messages) > self._most:
            self._waiting = []
            self._lost = True
            messages = messages[-self._most :]
        self._waiting.extend(messages)
        self._wake()

    def lose(self) -> None:
        """Messages were lost on their way here; what waits is older than what is fetched now."""
        self._waiting = []
        self._lost = True
        self._wake()

    def end(self) -> None:
        """Nothing comes any more."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None and not reader.done():
            reader.set_result(None)
