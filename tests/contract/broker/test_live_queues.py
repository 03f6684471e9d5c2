"""Live queues go with their consumer, and say when they lost something."""

from services.contracts.events.auth import UserVerified
from services.contracts.events.chat import MessagePosted
from services.kernel.broker import Broker
from services.kernel.broker.memory import LIVE
from tests.envelopes import envelope, envelopes


async def test_a_live_queue_gets_its_events_in_order(broker: Broker) -> None:
    queue = await broker.listen((MessagePosted, UserVerified))
    sent = envelopes("topic", (1, 2, 3))
    await broker.publish(sent)
    assert [*(await queue.take(2) or ()), *(await queue.take(2) or ())] == sent


async def test_a_live_queue_gets_nothing_from_before_it_or_for_others(broker: Broker) -> None:
    await broker.publish([envelope("topic", 1)])
    queue = await broker.listen((MessagePosted,))
    other = await broker.listen((UserVerified,))
    await broker.publish([envelope("topic", 2)])
    await other.close()
    assert [one.seq for one in await queue.take(10) or ()] == [2]


async def test_a_live_queue_that_overflows_says_so_and_goes_on(broker: Broker) -> None:
    queue = await broker.listen((MessagePosted,))
    await broker.publish([envelope("topic")] * (LIVE + 1))
    assert await queue.take(10) is None
    await broker.publish([envelope("topic", 7)])
    taken = await queue.take(10)
    assert taken is not None
    assert taken[-1].seq == 7


async def test_no_durable_queue_comes_from_listening(broker: Broker) -> None:
    await broker.listen((MessagePosted,))
    assert await broker.queues() == []
