"""Messages by channel: each subscriber gets all that come after it, in order, or is told that it did not."""

import asyncio

from services.kernel.cache import LOST, Cache, Messages, Subscription
from tests.eventually import eventually


async def first(subscription: Subscription) -> Messages:
    return await anext(aiter(subscription))


async def collect(subscription: Subscription, count: int) -> list[tuple[str, bytes]]:
    """So many messages, in as many batches as it takes."""
    collected: list[tuple[str, bytes]] = []
    while len(collected) < count:
        messages = await first(subscription)
        assert messages is not LOST
        collected.extend(messages)
    return collected


async def test_every_subscriber_of_a_channel_gets_its_messages_in_order(cache: Cache) -> None:
    subscriptions = [await cache.subscribe("quotes", "trades") for _ in range(2)]
    sent = [("quotes", b"1"), ("trades", b"2"), ("quotes", b"3")]
    await cache.publish([("other", b"0"), *sent])
    for subscription in subscriptions:
        assert await collect(subscription, 3) == sent


async def test_thousands_of_messages_of_any_bytes_keep_their_order(cache: Cache) -> None:
    channels = [f"канал {n}" for n in range(5)]
    subscription = await cache.subscribe(*channels)
    sent = [(channels[n % 5], b"\r\n*3\r\n\0\xff%d" % n * (1 + n % 20)) for n in range(5_000)]
    async with asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(collect(subscription, len(sent)))
        for start in range(0, len(sent), 500):
            await cache.publish(sent[start : start + 500])
    assert reading.result() == sent


async def test_a_message_before_the_subscription_is_not_for_it(cache: Cache) -> None:
    await cache.publish([("quotes", b"1")])
    subscription = await cache.subscribe("quotes")
    await cache.publish([("quotes", b"2")])
    assert await collect(subscription, 1) == [("quotes", b"2")]


async def test_a_subscriber_waits_for_a_message(cache: Cache) -> None:
    subscription = await cache.subscribe("quotes")
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(first(subscription))
        await asyncio.sleep(0)
        await cache.publish([("quotes", b"1")])
    assert waiting.result() == [("quotes", b"1")]


async def test_channels_are_added_and_removed(cache: Cache) -> None:
    subscription = await cache.subscribe("a")
    await subscription.add("b", "a")
    await cache.publish([("a", b"1"), ("b", b"2")])
    assert await collect(subscription, 2) == [("a", b"1"), ("b", b"2")]
    await subscription.remove("a")
    await cache.publish([("a", b"3"), ("b", b"4")])
    assert await collect(subscription, 1) == [("b", b"4")]


async def test_a_subscription_without_a_channel_gets_those_that_are_added(cache: Cache) -> None:
    subscription = await cache.subscribe()
    await cache.publish([("a", b"1")])
    await subscription.remove("a", "b")
    await subscription.add()
    await asyncio.gather(subscription.add("a"), subscription.add("b"))
    await cache.publish([("a", b"2"), ("b", b"3")])
    assert await collect(subscription, 2) == [("a", b"2"), ("b", b"3")]
    await cache.close()
    assert [messages async for messages in subscription] == []


async def test_a_subscriber_that_is_too_slow_is_told_and_goes_on(cache: Cache) -> None:
    subscription = await cache.subscribe("quotes", most=10)
    await cache.publish([("quotes", b"%d" % n) for n in range(50)])

    async def told() -> bool:
        return await first(subscription) is LOST

    assert await eventually(told)
    await cache.publish([("quotes", b"last")])

    async def last() -> bool:
        messages = await first(subscription)
        return messages is not LOST and messages[-1] == ("quotes", b"last")

    assert await eventually(last)


async def test_a_slow_subscriber_costs_the_others_nothing(cache: Cache) -> None:
    await cache.subscribe("quotes", most=1)
    subscription = await cache.subscribe("quotes")
    sent = [("quotes", b"%d" % n) for n in range(50)]
    await cache.publish(sent)
    assert await collect(subscription, 50) == sent


async def test_a_closed_subscription_ends_even_while_it_is_waited_for(cache: Cache) -> None:
    subscription = await cache.subscribe("quotes")

    async def read() -> int:
        return len([messages async for messages in subscription])

    async with asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(read())
        await asyncio.sleep(0)
        await subscription.close()
    assert reading.result() == 0
    await cache.publish([("quotes", b"1")])


async def test_closing_the_cache_ends_its_subscriptions(cache: Cache) -> None:
    subscription = await cache.subscribe("quotes")
    await cache.close()
    assert [messages async for messages in subscription] == []
