"""The cache in the process: dictionaries, and subscriptions with a bound."""

import time
from collections.abc import Mapping, Sequence
from typing import cast

from services.kernel.cache.mailbox import Mailbox
from services.runtime import local

SWEEP = 10_000
"""Keys with an expiry after which the expired ones are looked for."""


class MemorySubscription(Mailbox):
    """Channels of one subscriber and what waits for it."""

    def __init__(self, cache: "MemoryCache", most: int) -> None:
        super().__init__(most)
        self._cache = cache

    async def add(self, *channels: str) -> None:
        self._cache.attach(self, channels)

    async def remove(self, *channels: str) -> None:
        self._cache.detach(self, channels)

    async def close(self) -> None:
        self._cache.forget(self)
        self.end()


class MemoryCache:
    """One for each process and URL; gone with the process."""

    def __init__(self) -> None:
        self._values: dict[str, bytes] = {}
        self._hashes: dict[str, dict[str, bytes]] = {}
        self._expiries: dict[str, float] = {}
        self._channels: dict[str, tuple[MemorySubscription, ...]] = {}
        self._subscriptions: set[MemorySubscription] = set()

    async def get(self, key: str) -> bytes | None:
        return self._value(key)

    async def get_all(self, keys: Sequence[str]) -> list[bytes | None]:
        return [self._value(key) for key in keys]

    async def set(self, key: str, value: bytes, expire: float | None = None) -> None:
        self._values[key] = value
        self._expire(key, expire)

    async def set_all(self, values: Mapping[str, bytes]) -> None:
        for key, value in values.items():
            await self.set(key, value)

    async def set_if_new(self, key: str, value: bytes, expire: float | None = None) -> bool:
        if self._value(key) is not None:
            return False
        self._values[key] = value
        self._expire(key, expire)
        return True

    async def delete(self, *keys: str) -> None:
        for key in keys:
            self._forget(key)

    async def hget(self, key: str, field: str) -> bytes | None:
        return self._hashes.get(key, {}).get(field)

    async def hset(self, key: str, fields: Mapping[str, bytes]) -> None:
        self._hashes.setdefault(key, {}).update(fields)

    async def hgetall(self, key: str) -> dict[str, bytes]:
        return dict(self._hashes.get(key, {}))

    async def hdelete(self, key: str, *fields: str) -> None:
        if known := self._hashes.get(key):
            for field in fields:
                known.pop(field, None)
            if not known:
                del self._hashes[key]

    async def increment(self, key: str, by: int = 1, expire: float | None = None) -> int:
        known = self._value(key)
        value = int(known or 0) + by
        self._values[key] = b"%d" % value
        if known is None:
            self._expire(key, expire)
        return value

    async def publish(self, messages: Sequence[tuple[str, bytes]]) -> None:
        channels = self._channels
        batches: dict[MemorySubscription, list[tuple[str, bytes]]] = {}
        for message in messages:
            for subscription in channels.get(message[0], ()):
                batches.setdefault(subscription, []).append(message)
        for subscription, batch in batches.items():
            subscription.offer(batch)

    async def subscribe(self, *channels: str, most: int = 65_536) -> MemorySubscription:
        subscription = MemorySubscription(self, most)
        self._subscriptions.add(subscription)
        self.attach(subscription, channels)
        return subscription

    async def check(self) -> None:
        """It is here."""

    async def close(self) -> None:
        for subscription in list(self._subscriptions):
            await subscription.close()

    def attach(self, subscription: MemorySubscription, channels: Sequence[str]) -> None:
        """Send a subscription what comes on these channels."""
        for channel in channels:
            others = self._channels.get(channel, ())
            if subscription not in others:
                self._channels[channel] = (*others, subscription)

    def detach(self, subscription: MemorySubscription, channels: Sequence[str]) -> None:
        """Send it no more of these."""
        for channel in channels:
            others = tuple(one for one in self._channels.get(channel, ()) if one is not subscription)
            if others:
                self._channels[channel] = others
            else:
                self._channels.pop(channel, None)

    def forget(self, subscription: MemorySubscription) -> None:
        """Send it nothing any more."""
        self._subscriptions.discard(subscription)
        self.detach(subscription, list(self._channels))

    def _value(self, key: str) -> bytes | None:
        expiry = self._expiries.get(key)
        if expiry is not None and expiry <= time.monotonic():
            self._forget(key)
        return self._values.get(key)

    def _expire(self, key: str, expire: float | None) -> None:
        if expire is None:
            self._expiries.pop(key, None)
            return
        self._expiries[key] = time.monotonic() + expire
        if len(self._expiries) % SWEEP == 0:
            self._sweep()

    def _sweep(self) -> None:
        now = time.monotonic()
        for key in [key for key, expiry in self._expiries.items() if expiry <= now]:
            self._forget(key)

    def _forget(self, key: str) -> None:
        self._values.pop(key, None)
        self._hashes.pop(key, None)
        self._expiries.pop(key, None)


def memory_cache(url: str) -> MemoryCache:
    """The process's cache of this URL."""
    try:
        return cast("MemoryCache", local.find(url))
    except LookupError:
        cache = MemoryCache()
        local.offer(url, cache)
        return cache
