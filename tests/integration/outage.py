"""A Redis of a worker's own, for tests that take it away and bring it back."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from typing import Any

from redis.asyncio import Redis as Client
from redis.exceptions import RedisError

from services.kernel.cache.link import PATIENCE
from services.runtime.serve import bind
from tests.containers import Server, need, new_redis
from tests.eventually import eventually

SOON = 15.0
"""Seconds within which everything is as before, the start of a container included."""
OURS = cache(new_redis)


class Redis:
    """What the test does to it; each returns when it is so."""

    def __init__(self, server: Server) -> None:
        self._container = server.container
        self.url = f"redis://127.0.0.1:{server.port(6379)}/0"

    async def kill(self) -> None:
        await asyncio.to_thread(self._container.kill)

    async def start(self) -> None:
        await asyncio.to_thread(self._container.start)
        await self.answers()

    async def pause(self) -> None:
        await asyncio.to_thread(self._container.pause)

    async def resume(self) -> None:
        await asyncio.to_thread(self._container.unpause)
        await self.answers()

    async def empty(self) -> None:
        await self.ask("FLUSHALL")

    async def cut_off(self, kind: str) -> None:
        """End all connections of a kind, ``normal`` or ``pubsub``, as a proxy between would."""
        await self.ask("CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes")

    @asynccontextmanager
    async def without_room(self) -> AsyncIterator[None]:
        """It takes no value meanwhile."""
        await self.ask("CONFIG", "SET", "maxmemory", "1")
        try:
            yield
        finally:
            await self.ask("CONFIG", "SET", "maxmemory", "0")

    async def ask(self, *command: str) -> Any:
        """A command that no service needs."""
        async with Client.from_url(self.url, socket_timeout=PATIENCE) as client:
            return await client.execute_command(*command)

    async def answers(self) -> None:
        """Until it does."""
        await eventually(self._pongs, SOON)

    async def _pongs(self) -> bool:
        try:
            return bool(await self.ask("PING"))
        except RedisError:
            return False


@asynccontextmanager
async def breakable() -> AsyncIterator[Redis]:
    """One that runs and is empty, whatever an earlier test has done to it."""
    need("redis")
    server = OURS(stays=True)
    container = server.container
    container.reload()
    if container.status == "paused":
        container.unpause()
    container.restart(timeout=0)
    redis = Redis(server)
    await redis.answers()
    yield redis


@contextmanager
def nowhere() -> Iterator[str]:
    """The URL of a Redis that is not there, and never will be."""
    with bind() as taken:
        yield f"redis://127.0.0.1:{taken.getsockname()[1]}/0"
