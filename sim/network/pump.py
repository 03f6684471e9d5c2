"""One direction of one connection: bytes in their order, as late and as slowly as the link's faults say."""

import asyncio
from collections.abc import Callable

from services.runtime.faults import Active

KIB = 1_024
CHUNK = 16 * KIB
"""Bytes that pass at once."""
IN_FLIGHT = 64
"""Chunks on their way at most."""
LOOK = 0.02
"""Seconds between two looks whether what holds bytes up is over."""

Find = Callable[[str], Active | None]
"""The fault of a kind on this link."""


class Pump:
    """Takes from one end and gives to the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, find: Find) -> None:
        self._reader = reader
        self._writer = writer
        self._find = find
        self._way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(IN_FLIGHT)
        """Each chunk with the moment at which it arrives, by the loop's clock; an empty one is the end."""
        self._last = 0.0

    async def run(self) -> None:
        """Until this end has said all that it had to say."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._take())
            both.create_task(self._give())

    async def _take(self) -> None:
        while True:
            chunk = await self._reader.read(await self._most())
            await self._way.put((self._arrival(), chunk))
            if not chunk:
                return

    async def _most(self) -> int:
        """How much may be read now: a slow reader takes a tenth of a second's share, ten times a second."""
        slow = self._find("network.slow_read")
        if slow is None:
            return CHUNK
        await asyncio.sleep(0.1)
        return max(1, round(slow.number("rate") * KIB / 10))

    def _arrival(self) -> float:
        """Never before what left earlier."""
        late, jitter = self._find("network.latency"), self._find("network.jitter")
        moment = asyncio.get_running_loop().time() + (late.seconds if late else 0.0)
        moment += jitter.chance.uniform(0.0, jitter.seconds) if jitter else 0.0
        self._last = max(self._last, moment)
        return self._last

    async def _give(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            moment, chunk = await self._way.get()
            await asyncio.sleep(max(0.0, moment - loop.time()))
            await self._held_up(len(chunk))
            if not chunk:
                self._writer.write_eof()
                return
            self._writer.write(chunk)
            await self._writer.drain()

    async def _held_up(self, size: int) -> None:
        """A chunk that is lost stalls all behind it, as on a connection that keeps its order."""
        lossy = self._find("network.drop")
        if lossy and lossy.strikes():
            while lossy.left > 0:  # noqa: ASYNC110 (it ends by a clock)
                await asyncio.sleep(LOOK)
        while self._find("network.half_open"):  # noqa: ASYNC110
            await asyncio.sleep(LOOK)
        if narrow := self._find("network.bandwidth"):
            await asyncio.sleep(min(size / (narrow.number("rate") * KIB), max(narrow.left, 0.0)))
