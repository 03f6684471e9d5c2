"""Live queues go with their consumer, and say when they lost something."""

import asyncio

from services.contracts.events.auth import UserVerified
from services.contracts.events.chat import MessagePosted
from services.kernel.broker import Broker
from services.kernel.broker.protocol import LIVE
from tests.contract.broker.taking import heard
from tests.envelopes import envelope, envelopes


async def test_a_live_queue_gets_its_events_in_order(broker: Broker) -> None:
    queue = await broker.listen((MessagePosted, UserVerified))
    sent = envelopes("topic", (1, 2, 3))
    await broker.publish(sent)
    assert await heard(queue, 3) == sent


async def test_a_live_queue_gets_nothing_from_before_it_or_for_others(broker: Broker) -> None:
    await broker.publish([envelope("topic", 1)])
    queue = await broker.listen((MessagePosted,))
    other = await broker.listen((UserVerified,))
    await broker.publish([envelope("topic", 2)])
    await other.close()
    assert [one.seq for one in await heard(queue, 1)] == [2]


async def test_a_live_queue_that_overflows_says_so_and_goes_on(broker: Broker) -> None:
    queue, other = await broker.listen((MessagePosted,)), await broker.listen((MessagePosted,))
    many = LIVE + 5_000
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(heard(other, many, within=90))
        for start in range(0, many, 1_000):
            await broker.publish(envelopes("topic", range(start, start + 1_000)))
            await asyncio.sleep(0)
    assert await queue.take(10) is None
    await broker.publish([envelope("topic", many)])
    while (rest := await heard(queue, 1))[0].seq < many:
        assert rest[0].seq > 0


async def test_no_durable_queue_comes_from_listening(broker: Broker) -> None:
    await broker.listen((MessagePosted,))
    assert await broker.queues() == []
