"""Values, hashes and counters."""

import asyncio

import pytest

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


async def test_values_are_bytes_of_any_kind_and_size(cache: Cache) -> None:
    values = {"empty": b"", "lines": b"a\r\nb\r\n$3\r\n", "zeros": b"\0\xff\0", "large": bytes(range(256)) * 8_000}
    await cache.set_all(values)
    assert await cache.get_all(list(values)) == list(values.values())
    await cache.hset("hash", values)
    assert await cache.hgetall("hash") == values


async def test_a_key_is_any_text(cache: Cache) -> None:
    for key in ("two words", "ключ", "line\r\nbreak", ""):
        await cache.set(key, key.encode())
        assert await cache.get(key) == key.encode()


async def test_nothing_to_do_is_no_error(cache: Cache) -> None:
    assert await cache.get_all([]) == []
    await cache.set_all({})
    await cache.delete()
    await cache.hset("hash", {})
    await cache.hdelete("hash")
    await cache.publish([])
    assert await cache.hgetall("hash") == {}


async def test_many_at_once_get_each_its_own_answer(cache: Cache) -> None:
    await asyncio.gather(*(cache.set(f"key{n}", b"%d" % n) for n in range(200)))
    answers = await asyncio.gather(*(cache.get(f"key{n}") for n in range(200)))
    assert answers == [b"%d" % n for n in range(200)]


async def test_who_gives_up_waiting_takes_nobodys_answer(cache: Cache) -> None:
    await cache.set("key", b"one")
    given_up = asyncio.ensure_future(cache.get("key"))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await cache.get("other") is None
    assert await cache.get("key") == b"one"


async def test_a_counter_of_what_is_no_number_is_refused(cache: Cache) -> None:
    await cache.set("key", b"one")
    with pytest.raises(ValueError, match=r"integer|invalid literal"):
        await cache.increment("key")


async def test_it_says_that_it_is_there(cache: Cache) -> None:
    await cache.check()


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


async def test_a_counter_that_was_there_without_an_expiry_stays(cache: Cache) -> None:
    await cache.increment("short", expire=0.02)
    await cache.increment("counter")
    await cache.increment("counter", expire=0.02)

    async def gone() -> bool:
        return await cache.get("short") is None

    assert await eventually(gone)
    assert await cache.increment("counter") == 3
