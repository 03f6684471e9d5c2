"""Values, hashes and counters."""

import asyncio

from services.kernel.cache import Cache
from tests.eventually import eventually


async def test_a_value_is_what_was_set_last(cache: Cache) -> None:
    assert await cache.get("key") is None
    await cache.set("key", b"one")
    await cache.set("key", b"two")
    assert await cache.get("key") == b"two"


async def test_several_values_come_in_the_order_of_their_keys(cache: Cache) -> None:
    await cache.set("a", b"1")
    await cache.set("b", b"2")
    assert await cache.get_all(["b", "missing", "a"]) == [b"2", None, b"1"]


async def test_a_value_expires(cache: Cache) -> None:
    await cache.set("key", b"one", expire=0.02)
    assert await cache.get("key") == b"one"

    async def gone() -> bool:
        return await cache.get("key") is None

    assert await eventually(gone)


async def test_a_value_set_without_expiry_stays(cache: Cache) -> None:
    await cache.set("short", b"one", expire=0.02)
    await cache.set("key", b"one", expire=0.02)
    await cache.set("key", b"two")

    async def gone() -> bool:
        return await cache.get("short") is None

    await eventually(gone)
    assert await cache.get("key") == b"two"


async def test_of_many_who_set_a_new_value_one_does(cache: Cache) -> None:
    won = await asyncio.gather(*(cache.set_if_new("lease", b"%d" % n, expire=60) for n in range(20)))
    assert sum(won) == 1
    assert await cache.get("lease") == b"%d" % won.index(True)


async def test_an_expired_value_can_be_set_anew(cache: Cache) -> None:
    await cache.set("lease", b"old", expire=0.02)

    async def taken() -> bool:
        return await cache.set_if_new("lease", b"new")

    assert await eventually(taken)
    assert await cache.get("lease") == b"new"


async def test_deleted_keys_are_gone_whatever_they_held(cache: Cache) -> None:
    await cache.set("value", b"one")
    await cache.hset("hash", {"field": b"one"})
    await cache.increment("counter")
    await cache.delete("value", "hash", "counter", "missing")
    assert await cache.get_all(["value", "counter"]) == [None, None]
    assert await cache.hgetall("hash") == {}


async def test_a_hash_keeps_fields_that_were_not_set(cache: Cache) -> None:
    await cache.hset("hash", {"a": b"1", "b": b"2"})
    await cache.hset("hash", {"b": b"3", "c": b"4"})
    await cache.hdelete("hash", "c", "missing")
    assert await cache.hgetall("hash") == {"a": b"1", "b": b"3"}
    assert await cache.hget("hash", "a") == b"1"
    assert await cache.hget("hash", "missing") is None
    assert await cache.hget("missing", "a") is None


async def test_a_counter_counts_every_one(cache: Cache) -> None:
    await asyncio.gather(*(cache.increment("counter") for _ in range(50)))
    assert await cache.increment("counter", by=-10) == 40
    assert await cache.get("counter") == b"40"


async def test_a_counter_expires_from_its_first_count_on(cache: Cache) -> None:
    await cache.increment("counter", expire=0.05)
    await cache.increment("counter", expire=600)

    async def gone() -> bool:
        return await cache.get("counter") is None

    assert await eventually(gone)
    assert await cache.increment("counter") == 1
