"""A Redis that is killed, paused, cut off: its clients are refused soon, say so, and come back."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from services.kernel.cache import LOST, CacheLost, Messages, Subscription, cache_for
from services.kernel.cache.link import PATIENCE
from services.kernel.cache.redis import RedisCache
from services.kernel.lost import is_lost
from services.runtime import local
from tests.containers import PASSWORD, need, new_redis
from tests.eventually import eventually
from tests.integration.outage import SOON, Redis, breakable

AT_ONCE = PATIENCE / 2
"""Seconds within which nobody has waited for a silent Redis."""


@pytest.fixture
async def redis() -> AsyncIterator[Redis]:
    async with breakable() as running:
        yield running


@pytest.fixture
async def cache(redis: Redis) -> AsyncIterator[RedisCache]:
    made = RedisCache(redis.url)
    await made.check()
    yield made
    await made.close()


async def first(subscription: Subscription) -> Messages:
    async with asyncio.timeout(SOON):
        return await anext(aiter(subscription))


async def answers(cache: RedisCache) -> bool:
    await cache.check()
    return True


async def heard(cache: RedisCache, subscription: Subscription, channel: str) -> tuple[str, bytes]:
    """The first message that comes after all that was lost."""
    while True:
        await cache.publish([(channel, b"hello")])
        messages = await first(subscription)
        if messages is not LOST:
            return messages[-1]


async def test_a_redis_that_was_killed_refuses_at_once_and_is_back_by_itself(cache: RedisCache, redis: Redis) -> None:
    await cache.set("key", b"one")
    await redis.kill()
    began = time.monotonic()
    for _ in range(20):
        with pytest.raises(CacheLost):
            await cache.get("key")
    assert time.monotonic() - began < AT_ONCE
    await redis.start()
    await eventually(lambda: answers(cache), SOON)
    assert await cache.get("key") is None
    await cache.set("key", b"two")
    assert await cache.get("key") == b"two"


async def test_of_a_redis_that_says_nothing_only_the_first_waits(cache: RedisCache, redis: Redis) -> None:
    await redis.pause()
    began = time.monotonic()
    with pytest.raises(CacheLost, match="no answer") as raised:
        await cache.increment("counter", expire=1)
    assert time.monotonic() - began < PATIENCE + AT_ONCE
    assert is_lost(raised.value)
    for _ in range(20):
        began = time.monotonic()
        with pytest.raises(CacheLost):
            await cache.get("key")
        assert time.monotonic() - began < AT_ONCE
    await redis.resume()
    await eventually(lambda: answers(cache), SOON)


async def test_a_silence_is_noticed_although_nobody_has_the_patience_to_wait_for_it(
    cache: RedisCache, redis: Redis
) -> None:
    await redis.pause()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(cache.get("key"), AT_ONCE / 10)

    async def refused() -> bool:
        try:
            await asyncio.wait_for(cache.get("key"), AT_ONCE / 10)
        except CacheLost:
            return True
        except TimeoutError:
            return False
        return False

    await eventually(refused, SOON)
    await redis.resume()
    await eventually(lambda: answers(cache), SOON)


async def test_a_subscriber_hears_again_and_again_that_it_hears_nothing(cache: RedisCache, redis: Redis) -> None:
    subscription = await cache.subscribe("quotes")
    await redis.pause()
    assert [await first(subscription) for _ in range(3)] == [LOST] * 3
    await redis.resume()
    await eventually(lambda: answers(cache), SOON)
    assert await heard(cache, subscription, "quotes") == ("quotes", b"hello")


async def test_channels_that_change_while_redis_is_away_are_right_when_it_is_back(
    cache: RedisCache, redis: Redis
) -> None:
    subscription = await cache.subscribe("kept", "dropped")
    await redis.kill()
    assert await first(subscription) is LOST
    await subscription.remove("dropped")
    await subscription.add("added")
    await redis.start()
    await eventually(lambda: answers(cache), SOON)
    assert await heard(cache, subscription, "added") == ("added", b"hello")
    await cache.publish([("dropped", b"1"), ("kept", b"2")])
    assert await first(subscription) == [("kept", b"2")]


async def test_a_subscriber_that_was_cut_off_is_told_and_subscribed_again(cache: RedisCache, redis: Redis) -> None:
    subscription = await cache.subscribe("quotes")
    await redis.cut_off("pubsub")
    assert await first(subscription) is LOST
    assert await heard(cache, subscription, "quotes") == ("quotes", b"hello")


async def test_one_lost_connection_does_not_end_the_others(cache: RedisCache, redis: Redis) -> None:
    subscription = await cache.subscribe("quotes")
    await redis.cut_off("normal")
    await eventually(lambda: answers(cache), SOON)
    await cache.publish([("quotes", b"1")])
    assert await first(subscription) == [("quotes", b"1")]


async def test_a_redis_that_has_no_room_is_as_good_as_lost_until_it_has(cache: RedisCache, redis: Redis) -> None:
    async with redis.without_room():
        with pytest.raises(CacheLost, match="OOM"):
            await cache.set("key", b"one")
        assert await cache.get("key") is None
    await cache.set("key", b"one")
    assert await cache.get("key") == b"one"


async def test_who_comes_before_redis_is_served_when_it_is_there(redis: Redis) -> None:
    await redis.kill()
    early = RedisCache(redis.url)
    with pytest.raises(CacheLost):
        await early.get("key")
    subscription = await early.subscribe("quotes")
    assert await first(subscription) is LOST
    await redis.start()
    await eventually(lambda: answers(early), SOON)
    assert await heard(early, subscription, "quotes") == ("quotes", b"hello")
    await early.close()


async def test_a_password_is_shown_and_a_wrong_one_is_named() -> None:
    need("redis")
    locked = new_redis("--requirepass", PASSWORD, "--bind", "0.0.0.0", password=PASSWORD)
    address = f"127.0.0.1:{locked.port(6379)}"
    for credentials in (f":{PASSWORD}", f"default:{PASSWORD}"):
        right = RedisCache(f"redis://{credentials}@{address}/1")
        await right.set("key", credentials.encode())
        assert await right.get("key") == credentials.encode()
        await right.close()
    for credentials, why in ((":wrong@", "WRONGPASS"), ("", "NOAUTH")):
        wrong = RedisCache(f"redis://{credentials}{address}/0")
        with pytest.raises(CacheLost, match=why):
            await wrong.check()
        await wrong.close()


async def test_a_url_has_one_client_until_that_is_closed(redis: Redis) -> None:
    local.clear()
    one = cache_for(redis.url)
    assert cache_for(redis.url) is one
    await one.check()
    await one.close()
    other = cache_for(redis.url)
    assert other is not one
    await other.check()
    await other.close()
    with pytest.raises(CacheLost):
        await one.get("key")
    local.clear()
