"""The way to Redis by redis-py; while it gives no answer, whoever asks is refused at once."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from services.kernel.cache.protocol import CacheLost
from services.runtime import log

PATIENCE = 1.0
"""Seconds after which an answer is not waited for any more."""
PING_EVERY = 1.0
"""Seconds without a word after which Redis is asked whether it is still there, so that a silence is noticed early."""
CONNECTIONS = 8
"""Of a process to one Redis, those of its subscriptions aside."""
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0
"""Seconds between two attempts, doubled up to the longest, with jitter."""
AWAY = (RedisError, OSError, TimeoutError)
"""What is raised for want of an answer."""
P = ParamSpec("P")
T = TypeVar("T")


class Link:
    """The connections of all operations, and one task that asks now and then whether Redis is there."""

    def __init__(self, url: str) -> None:
        self.pool = pool_to(url)
        self.redis = Redis(connection_pool=self.pool)
        self.closed = False
        """Whether it is of no use any more; so it is when its loop has ended."""
        self._lost: str | None = None
        """Why whoever asks is refused."""
        self._in_doubt = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None
        self._log = log.of_process()

    async def ask(self, operation: Callable[P, Awaitable[T]], *args: P.args, **options: P.kwargs) -> T:
        """The answer to an operation; CacheLost when there is none, ValueError when the operation makes no sense."""
        if self._lost is not None:
            raise CacheLost(self._lost)
        if self._watching is None:
            self._watching = asyncio.get_running_loop().create_task(self._watch())
        try:
            async with asyncio.timeout(PATIENCE):
                return await operation(*args, **options)
        except ResponseError as error:
            raise refusal(error) from error
        except AWAY as error:
            self._lose(reason(error))
            raise CacheLost(self._lost) from error
        except asyncio.CancelledError:  # who has less patience does not learn whether Redis answers
            self._in_doubt.set()
            raise
        finally:
            if self.closed:  # what waited for its turn has connected after the others were closed
                await self._disconnect()

    async def close(self) -> None:
        """End it for good."""
        self.closed = True
        self._lost = "the connection is closed"
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait({self._watching})

    async def _disconnect(self) -> None:
        with suppress(*AWAY):
            await self.pool.aclose()

    def _lose(self, why: str) -> None:
        if self._lost is None:
            self._log.warning("cache lost", reason=why)
        if not self.closed:
            self._lost = why
            self._in_doubt.set()

    async def _watch(self) -> None:
        """For life; a Redis that is lost is asked again and again."""
        try:
            while True:
                await self._rest()
                pauses = Pauses()
                while (why := await self._missing()) is not None:
                    self._lose(why)
                    await pauses.wait()
                if self._lost is not None:
                    self._log.info("cache back")
                self._lost = None
        finally:
            self.closed = True
            await self._disconnect()

    async def _rest(self) -> None:
        """Until it is time to ask, or somebody has asked in vain."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PING_EVERY):
                await self._in_doubt.wait()
        self._in_doubt.clear()

    async def _missing(self) -> str | None:
        """Why there is no answer, if there is none."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self.redis.execute_command("PING")
        except AWAY as error:
            return reason(error)
        return None


class Pauses:
    """Between attempts in a row."""

    def __init__(self) -> None:
        self._next = FIRST_PAUSE

    async def wait(self) -> None:
        """Each time about twice as long as before."""
        await asyncio.sleep(random.uniform(self._next / 2, self._next))
        self._next = min(2 * self._next, LONGEST_PAUSE)


def pool_to(url: str) -> BlockingConnectionPool:
    """Connections that fail once instead of trying again: who asks has other ways."""
    return BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=None,
        protocol=2,
        driver_info=None,
        socket_timeout=None,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
    )


def refusal(error: ResponseError) -> Exception:
    """ValueError for what the command brought upon itself; all else (OOM, READONLY) says that the cache can't now."""
    code = error.status_code or str(error).partition(" ")[0]
    text = str(error) if error.status_code is None else f"{code} {error}"
    return ValueError(text) if code in ("ERR", "WRONGTYPE") else CacheLost(f"Redis: {text}")


def reason(error: Exception) -> str:
    """In words."""
    if isinstance(error, RedisError) and error.status_code:
        return f"Redis: {error.status_code} {error}"
    return str(error) or f"Redis gave no answer within {PATIENCE:g} s"
