"""Durable queues: each event at least once, in the order of its publishing, whatever happens in between."""

import asyncio

from services.contracts.events.auth import UserVerified
from services.contracts.events.chat import MessagePosted
from services.kernel.broker import Broker, Delivery
from services.kernel.broker.memory import AT_HAND
from tests.contract.broker.conftest import Opened
from tests.contract.broker.taking import SILENCE, seqs, tags, taken
from tests.envelopes import envelope, envelopes

EVENTS = (MessagePosted,)


async def test_an_event_reaches_every_queue_that_is_for_it(broker: Broker) -> None:
    await broker.declare("one", EVENTS)
    await broker.declare("two", EVENTS)
    await broker.declare("other", (UserVerified,))
    sent = envelope("topic")
    await broker.publish([sent])
    for name in ("one", "two"):
        assert [delivery.envelope for delivery in await taken(await broker.consume(name), 1)] == [sent]
    assert await (await broker.consume("other")).take(10, timeout=SILENCE) == []


async def test_an_event_that_nobody_wants_is_confirmed(broker: Broker) -> None:
    await broker.publish([envelope("topic")])
    assert not [queue for queue in await broker.queues() if queue.waiting]


async def test_events_come_in_the_order_of_their_publishing(broker: Broker) -> None:
    await broker.declare("queue", EVENTS)
    for start in (1, 6):
        await broker.publish(envelopes("topic", range(start, start + 5)))
    queue = await broker.consume("queue")
    assert seqs(await taken(queue, 7)) == [1, 2, 3, 4, 5, 6, 7]
    assert seqs(await taken(queue, 3)) == [8, 9, 10]


async def test_a_consumer_waits_for_what_comes(broker: Broker) -> None:
    await broker.declare("queue", EVENTS)
    queue = await broker.consume("queue")
    async with asyncio.TaskGroup() as tasks:
        taking = tasks.create_task(queue.take(10))
        await asyncio.sleep(0)
        await broker.publish([envelope("topic", 7)])
    assert seqs(taking.result()) == [7]


async def test_taking_ends_with_its_timeout(broker: Broker) -> None:
    await broker.declare("queue", EVENTS)
    assert await (await broker.consume("queue")).take(10, timeout=0.01) == []


async def test_what_was_not_acknowledged_comes_again_in_its_order(opened: Opened) -> None:
    await opened.now.declare("queue", EVENTS)
    await opened.now.publish(envelopes("topic", range(1, 6)))
    await taken(await opened.now.consume("queue"), 3)
    broker = await opened.lose()
    assert seqs(await taken(await broker.consume("queue"), 5)) == [1, 2, 3, 4, 5]


async def test_what_was_acknowledged_does_not_come_again(opened: Opened) -> None:
    await opened.now.declare("queue", EVENTS)
    await opened.now.publish(envelopes("topic", range(1, 8)))
    queue = await opened.now.consume("queue")
    one, two, _, four, _ = tags(await taken(queue, 5))
    await queue.acknowledge([two, four])
    await queue.acknowledge([one])
    await opened.rest()
    broker = await opened.lose()
    assert seqs(await taken(await broker.consume("queue"), 4)) == [3, 5, 6, 7]


async def test_acknowledging_in_any_order_leaves_what_lies_between(opened: Opened) -> None:
    await opened.now.declare("queue", EVENTS)
    await opened.now.publish(envelopes("topic", range(1, 21)))
    queue = await opened.now.consume("queue")
    by_seq = {delivery.envelope.seq: delivery.tag for delivery in await taken(queue, 20)}
    for some in ((9, 3), (1, 2), (20,), (8, 4, 6), (5,)):
        await queue.acknowledge([by_seq[seq] for seq in some])
    await opened.rest()
    broker = await opened.lose()
    assert seqs(await taken(await broker.consume("queue"), 11)) == [7, *range(10, 20)]


async def test_a_confirm_means_that_every_queue_has_it_whatever_happens_next(opened: Opened) -> None:
    for name in ("one", "two"):
        await opened.now.declare(name, EVENTS)
    await opened.now.publish(envelopes("topic", range(1, 101)))
    broker = await opened.lose()
    for name in ("one", "two"):
        assert seqs(await taken(await broker.consume(name), 100)) == list(range(1, 101))


async def test_a_new_consumer_of_a_queue_gets_what_the_last_one_held(broker: Broker) -> None:
    await broker.declare("queue", EVENTS)
    await broker.publish(envelopes("topic", range(1, 4)))
    await taken(await broker.consume("queue"), 2)
    assert seqs(await taken(await broker.consume("queue"), 3)) == [1, 2, 3]


async def test_what_is_given_back_comes_first(broker: Broker) -> None:
    await broker.declare("queue", EVENTS)
    await broker.publish(envelopes("topic", range(1, 5)))
    queue = await broker.consume("queue")
    first, second = await taken(queue, 2)
    await queue.acknowledge([second.tag])
    await queue.give_back()
    assert seqs(await taken(queue, 3)) == [first.envelope.seq, 3, 4]


async def test_who_gives_up_publishing_leaves_the_others_alone(broker: Broker) -> None:
    await broker.declare("queue", EVENTS)
    queue = await broker.consume("queue")
    for number in range(1, 6):
        given_up = asyncio.ensure_future(broker.publish(envelopes("given up", range(500))))
        for _ in range(number):
            await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        await broker.publish([envelope("topic", number)])
    came: list[int] = []
    while 5 not in came:
        deliveries = await queue.take(500)
        await queue.acknowledge(tags(deliveries))
        came += [one.envelope.seq for one in deliveries if one.envelope.key == "topic"]
    assert came == [1, 2, 3, 4, 5]


async def test_a_queue_longer_than_memory_comes_whole_and_in_order(broker: Broker) -> None:
    await broker.declare("queue", EVENTS)
    sent = envelopes("topic", range(AT_HAND + 300))
    await broker.publish(sent)
    queue = await broker.consume("queue")
    came: list[Delivery] = []
    while len(came) < len(sent):
        deliveries = await queue.take(700)
        await queue.acknowledge(tags(deliveries))
        came.extend(deliveries)
    assert [delivery.envelope for delivery in came] == sent


async def test_queues_and_what_they_are_for_outlive_the_process(opened: Opened) -> None:
    await opened.now.declare("queue", EVENTS)
    broker = await opened.lose()
    await broker.publish([envelope("topic", 3)])
    assert seqs(await taken(await broker.consume("queue"), 1)) == [3]


async def test_a_queue_declared_anew_is_for_other_events_and_keeps_what_it_has(broker: Broker) -> None:
    await broker.declare("queue", EVENTS)
    await broker.publish([envelope("topic", 1)])
    await broker.declare("queue", (UserVerified,))
    await broker.publish([envelope("topic", 2)])
    queue = await broker.consume("queue")
    assert seqs(await taken(queue, 1)) == [1]
    assert await queue.take(1, timeout=SILENCE) == []


async def test_a_queue_that_the_topology_knows_misses_nothing_before_its_consumer_comes(opened: Opened) -> None:
    opened.now.expect({MessagePosted: ("queue",)})
    await opened.now.publish([envelope("topic", 1)])
    broker = await opened.lose()
    await broker.declare("queue", EVENTS)
    await broker.publish([envelope("topic", 2)])
    assert seqs(await taken(await broker.consume("queue"), 2)) == [1, 2]


async def test_what_a_queue_is_for_is_its_own_word_not_the_topologys(broker: Broker) -> None:
    broker.expect({MessagePosted: ("queue",)})
    await broker.publish([envelope("topic", 1)])
    await broker.declare("queue", (UserVerified,))
    await broker.declare("other", EVENTS)
    await broker.publish([envelope("topic", 2)])
    queue = await broker.consume("queue")
    assert seqs(await taken(queue, 1)) == [1]
    assert await queue.take(1, timeout=SILENCE) == []


async def test_facts_count_what_waits_what_is_held_and_what_is_dead(broker: Broker) -> None:
    await broker.declare("queue", EVENTS)
    await broker.publish(envelopes("topic", range(1, 7)))
    queue = await broker.consume("queue")
    first, second, _ = await taken(queue, 3)
    await queue.acknowledge([first.tag])
    await queue.set_aside(second.tag, "bad")
    (facts,) = await broker.queues()
    assert (facts.name, facts.waiting, facts.unacknowledged, facts.dead) == ("queue", 3, 1, 1)
