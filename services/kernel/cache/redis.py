"""The cache in Redis: one connection for all operations of a process, and one for each subscription."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import cast

from services.kernel.cache.link import PING, Link
from services.kernel.cache.mailbox import Mailbox
from services.kernel.cache.protocol import CacheLost
from services.kernel.cache.resp import Reply, packed, publications
from services.kernel.cache.wire import Wire
from services.runtime import local

INCREMENT = """\
local known = redis.call('EXISTS', KEYS[1])
local value = redis.call('INCRBY', KEYS[1], ARGV[1])
if known == 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return value"""
"""In one step, so that no counter is left without its expiry."""


class Listening(Wire):
    """A connection in Redis's subscribed mode: messages lie between the answers."""

    def __init__(self, on_messages: Callable[[list[Reply]], None]) -> None:
        super().__init__()
        self._on_messages = on_messages

    def take(self, replies: list[Reply]) -> None:
        messages: list[Reply] = []
        answers: list[Reply] = []
        for reply in replies:
            if type(reply) is list and reply[0] == b"message":
                messages.append(reply)
            else:
                answers.append(reply)
        if messages:
            self._on_messages(messages)
        super().take(answers)


class RedisSubscription(Mailbox):
    """Says LOST when the connection is lost, at each attempt that fails after it, and when all is subscribed again."""

    def __init__(self, cache: "RedisCache", url: str, channels: Sequence[str], most: int) -> None:
        super().__init__(most)
        self._cache = cache
        self._wanted = {channel.encode(): channel for channel in channels}
        self._link = Link(url, make=partial(Listening, self._take), begin=self._begin, on_change=self._on_change)
        self._began = False

    async def open(self) -> None:
        """Return when the channels are subscribed, or cannot be for now."""
        await self._link.tried()
        self._began = True

    async def add(self, *channels: str) -> None:
        new = {name: channel for channel in channels if (name := channel.encode()) not in self._wanted}
        self._wanted |= new
        await self._tell("SUBSCRIBE", list(new))

    async def remove(self, *channels: str) -> None:
        gone = [name for channel in channels if self._wanted.pop(name := channel.encode(), None)]
        await self._tell("UNSUBSCRIBE", gone)

    async def close(self) -> None:
        self.end()
        self._cache.subscriptions.discard(self)
        await self._link.close()

    async def _tell(self, command: str, names: Sequence[bytes]) -> None:
        """While Redis is away it is enough that the names are wanted: they are subscribed when it is back."""
        if names and self._link.wire is not None:
            try:
                await self._link.wire.ask(packed(command, *names), len(names))
            except CacheLost:
                return

    async def _begin(self, wire: Wire) -> None:
        """Subscribe to all that is wanted, also to what became so meanwhile."""
        done: set[bytes] = set()
        while missing := [name for name in self._wanted if name not in done]:
            await wire.ask(packed("SUBSCRIBE", *missing), len(missing))
            done.update(missing)

    def _on_change(self) -> None:
        if self._began or self._link.lost:
            self.lose()

    def _take(self, messages: list[Reply]) -> None:
        wanted = self._wanted
        named = [
            (wanted[name], body)
            for _, name, body in cast("list[tuple[bytes, bytes, bytes]]", messages)
            if name in wanted
        ]
        if named:
            self.offer(named)


class RedisCache:
    """Each operation is one round trip of at most a second; after a silence all are refused until Redis is back."""

    def __init__(self, url: str) -> None:
        self.subscriptions: set[RedisSubscription] = set()
        self._url = url
        self._link = Link(url)

    @property
    def closed(self) -> bool:
        return self._link.closed

    async def get(self, key: str) -> bytes | None:
        return cast("bytes | None", await self._ask("GET", key))

    async def get_all(self, keys: Sequence[str]) -> list[bytes | None]:
        return cast("list[bytes | None]", await self._ask("MGET", *keys)) if keys else []

    async def set(self, key: str, value: bytes, expire: float | None = None) -> None:
        await self._ask("SET", key, value, *expiry(expire))

    async def set_all(self, values: Mapping[str, bytes]) -> None:
        if values:
            await self._ask("MSET", *[part for pair in values.items() for part in pair])

    async def set_if_new(self, key: str, value: bytes, expire: float | None = None) -> bool:
        return await self._ask("SET", key, value, "NX", *expiry(expire)) is not None

    async def delete(self, *keys: str) -> None:
        if keys:
            await self._ask("DEL", *keys)

    async def hget(self, key: str, field: str) -> bytes | None:
        return cast("bytes | None", await self._ask("HGET", key, field))

    async def hset(self, key: str, fields: Mapping[str, bytes]) -> None:
        if fields:
            await self._ask("HSET", key, *[part for pair in fields.items() for part in pair])

    async def hgetall(self, key: str) -> dict[str, bytes]:
        flat = cast("list[bytes]", await self._ask("HGETALL", key))
        return {field.decode(): value for field, value in zip(flat[::2], flat[1::2], strict=True)}

    async def hdelete(self, key: str, *fields: str) -> None:
        if fields:
            await self._ask("HDEL", key, *fields)

    async def increment(self, key: str, by: int = 1, expire: float | None = None) -> int:
        if expire is None:
            return cast("int", await self._ask("INCRBY", key, by))
        return cast("int", await self._ask("EVAL", INCREMENT, 1, key, by, milliseconds(expire)))

    async def publish(self, messages: Sequence[tuple[str, bytes]]) -> None:
        if messages:
            await self._link.ask(publications(messages), len(messages))

    async def subscribe(self, *channels: str, most: int = 65_536) -> RedisSubscription:
        subscription = RedisSubscription(self, self._url, channels, most)
        self.subscriptions.add(subscription)
        await subscription.open()
        return subscription

    async def check(self) -> None:
        await self._link.ask(PING)

    async def close(self) -> None:
        for subscription in list(self.subscriptions):
            await subscription.close()
        await self._link.close()

    async def _ask(self, *parts: str | bytes | int) -> Reply:
        return await self._link.ask(packed(*parts))


def expiry(seconds: float | None) -> tuple[str | int, ...]:
    """As SET takes it."""
    return () if seconds is None else ("PX", milliseconds(seconds))


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
