"""The cache in Redis: a few connections for all operations of a process, and one for each subscription."""

from collections.abc import Mapping, Sequence
from typing import cast

from services.kernel.cache.link import Link
from services.kernel.cache.subscription import RedisSubscription
from services.runtime import local

INCREMENT = """\
local known = redis.call('EXISTS', KEYS[1])
local value = redis.call('INCRBY', KEYS[1], ARGV[1])
if known == 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return value"""
"""In one step, so that no counter is left without its expiry."""
PUBLISH = "for i = 1, #ARGV, 2 do redis.call('PUBLISH', ARGV[i], ARGV[i + 1]) end"
"""A batch with one answer: the answers to a PUBLISH each cost as much again as the messages."""


class RedisCache:
    """Each operation is one round trip of at most a second; after a silence all are refused until Redis is back."""

    def __init__(self, url: str) -> None:
        self._link = Link(url)
        self._redis = self._link.redis
        self._subscriptions: set[RedisSubscription] = set()

    @property
    def closed(self) -> bool:
        return self._link.closed

    async def get(self, key: str) -> bytes | None:
        return cast("bytes | None", await self._link.ask(self._redis.get, key))

    async def get_all(self, keys: Sequence[str]) -> list[bytes | None]:
        return cast("list[bytes | None]", await self._link.ask(self._redis.mget, keys)) if keys else []

    async def set(self, key: str, value: bytes, expire: float | None = None) -> None:
        await self._link.ask(self._redis.set, key, value, px=expiry(expire))

    async def set_all(self, values: Mapping[str, bytes]) -> None:
        if values:
            await self._link.ask(self._redis.mset, values)

    async def set_if_new(self, key: str, value: bytes, expire: float | None = None) -> bool:
        return bool(await self._link.ask(self._redis.set, key, value, nx=True, px=expiry(expire)))

    async def delete(self, *keys: str) -> None:
        if keys:
            await self._link.ask(self._redis.delete, *keys)

    async def hget(self, key: str, field: str) -> bytes | None:
        return cast("bytes | None", await self._link.ask(self._redis.hget, key, field))

    async def hset(self, key: str, fields: Mapping[str, bytes]) -> None:
        if fields:
            await self._link.ask(self._redis.hset, key, items=[part for pair in fields.items() for part in pair])

    async def hgetall(self, key: str) -> dict[str, bytes]:
        found = cast("dict[bytes, bytes]", await self._link.ask(self._redis.hgetall, key))
        return {field.decode(): value for field, value in found.items()}

    async def hdelete(self, key: str, *fields: str) -> None:
        if fields:
            await self._link.ask(self._redis.hdel, key, *fields)

    async def increment(self, key: str, by: int = 1, expire: float | None = None) -> int:
        if expire is None:
            return await self._link.ask(self._redis.incrby, key, by)
        return int(await self._link.ask(self._redis.eval, INCREMENT, 1, key, by, milliseconds(expire)))

    async def publish(self, messages: Sequence[tuple[str, bytes]]) -> None:
        if messages:
            await self._link.ask(self._redis.eval, PUBLISH, 0, *[part for message in messages for part in message])

    async def subscribe(self, *channels: str, most: int = 65_536) -> RedisSubscription:
        self._subscriptions = {each for each in self._subscriptions if not each.closed}
        subscription = RedisSubscription(self._link.pool, channels, most)
        self._subscriptions.add(subscription)
        await subscription.open()
        return subscription

    async def check(self) -> None:
        await self._link.ask(self._redis.execute_command, "PING")

    async def close(self) -> None:
        for subscription in list(self._subscriptions):
            await subscription.close()
        await self._link.close()


def expiry(seconds: float | None) -> int | None:
    """As SET takes it."""
    return None if seconds is None else milliseconds(seconds)


def milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1_000))


def redis_cache(url: str) -> RedisCache:
    """The process's cache of this URL; a new one where the old one's loop has ended."""
    try:
        cache = cast("RedisCache", local.find(url))
    except LookupError:
        cache = None
    if cache is None or cache.closed:
        cache = RedisCache(url)
        local.offer(url, cache)
    return cache
