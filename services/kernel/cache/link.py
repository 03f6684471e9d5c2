"""A connection to Redis that comes back by itself; while it is away, whoever asks is refused at once."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from services.kernel.cache.protocol import CacheLost
from services.kernel.cache.resp import Refusal, Reply, packed
from services.kernel.cache.wire import PATIENCE, Wire
from services.runtime import log

FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0
"""Seconds between two attempts, doubled up to the longest, with jitter."""
PING_EVERY = 1.0
"""Seconds between two questions whether Redis is still there, so that a silent one is noticed before it is needed."""
PING = packed("PING")


async def nothing(wire: Wire) -> None:
    """What a connection begins with that needs nothing."""


class Link:
    """``begin`` is done on each new connection before it counts; ``on_change`` hears of each attempt's outcome."""

    def __init__(
        self,
        url: str,
        *,
        make: Callable[[], Wire] = Wire,
        begin: Callable[[Wire], Awaitable[None]] = nothing,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self.lost: str | None = None
        """Why there is no connection; none while there is one, or none was tried yet."""
        self.closed = False
        self._url = urlsplit(url)
        self._make = make
        self._begin = begin
        self._on_change = on_change
        self._wire: Wire | None = None
        self._tried = asyncio.Event()
        self._log = log.logger("cache")
        self._running: asyncio.Task[None] | None = None

    @property
    def wire(self) -> Wire | None:
        """The connection, if there is one now."""
        return self._wire

    async def ask(self, commands: bytes, count: int = 1) -> Reply:
        """Send so many commands; CacheLost, at once, while Redis is away."""
        if self._wire is None:
            await self.tried()
            if self._wire is None:
                raise CacheLost(self.lost or "the connection is closed")
        return await self._wire.ask(commands, count)

    async def tried(self) -> None:
        """Return when the first attempt is over."""
        if self._running is None and not self.closed:
            self._running = asyncio.get_running_loop().create_task(self._run())
        if not self.closed:
            await self._tried.wait()

    async def close(self) -> None:
        """End it for good."""
        self.closed = True
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait({self._running})

    async def _run(self) -> None:
        """Connect, stay, and again, for life."""
        pause = FIRST_PAUSE
        try:
            while True:
                await self._attempt()
                self._tried.set()
                self._on_change()
                if self._wire is None:
                    await asyncio.sleep(random.uniform(pause / 2, pause))
                    pause = min(2 * pause, LONGEST_PAUSE)
                    continue
                pause = FIRST_PAUSE
                self.lost = await self._stay(self._wire)
                self._wire = None
                self._on_change()
                self._log.warning("cache lost", reason=self.lost)
        finally:
            self.closed = True
            self._tried.set()
            if self._wire is not None:
                self._wire.end("the connection is closed")

    async def _attempt(self) -> None:
        """A connection that Redis has answered on, if it can be had."""
        try:
            async with asyncio.timeout(PATIENCE):
                self._wire = await self._open()
        except (OSError, TimeoutError, Refusal) as error:
            if self.lost is None:
                self._log.warning("cache not there", error=str(error))
            self.lost = str(error) or f"Redis gave no answer within {PATIENCE:g} s"
        else:
            if self.lost is not None:
                self._log.info("cache back")
            self.lost = None

    async def _open(self) -> Wire:
        loop = asyncio.get_running_loop()
        host, port = self._url.hostname or "127.0.0.1", self._url.port or 6379
        _, wire = await loop.create_connection(self._make, host, port)
        try:
            await self._greet(wire)
            await self._begin(wire)
        except BaseException:
            wire.end("it never began")
            raise
        return wire

    async def _greet(self, wire: Wire) -> None:
        """Show the password and choose the database, if the URL names them; the rest is whether it answers."""
        password, user, database = self._url.password, self._url.username, self._url.path.strip("/")
        if password:
            await wire.ask(packed("AUTH", *([unquote(user)] if user else []), unquote(password)))
        if database not in ("", "0"):
            await wire.ask(packed("SELECT", database))
        await wire.ask(PING)

    async def _stay(self, wire: Wire) -> str:
        """Why the connection was lost, once it is; asks now and then whether it is."""
        while not wire.ended.done():
            with suppress(CacheLost):
                await wire.ask(PING)
            await asyncio.wait({wire.ended}, timeout=PING_EVERY)
        return wire.ended.result()
