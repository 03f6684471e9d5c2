"""From a use case's event to what a consumer made of it."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import func, insert, select

from services.contracts.envelope import Envelope
from services.contracts.events.chat import MessagePosted
from services.kernel.broker import BrokerLost
from services.kernel.cache import cache_for
from services.kernel.consumer import Together
from services.kernel.relay import Relay
from services.kernel.tables import inbox_waiting
from services.kernel.uow import UnitOfWork
from tests.envelopes import envelope, envelopes
from tests.eventually import eventually
from tests.integration.kernel.chain import QUEUE, Chain, applied, apply, produce


async def until_applied(chain: Chain, topic: str, numbers: list[int]) -> None:
    async def as_expected() -> bool:
        found = await chain.applied(topic)
        assert found == numbers[: len(found)]
        return found == numbers

    await eventually(as_expected)


async def until_empty(chain: Chain) -> None:
    async def empty() -> bool:
        (facts,) = await chain.broker.queues()
        return not facts.waiting and not facts.unacknowledged

    await eventually(empty)


async def waiting(chain: Chain) -> int:
    async with chain.target.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(inbox_waiting))).scalar_one())


async def test_every_event_is_applied_in_order(chain: Chain) -> None:
    chain.start(chain.relay, chain.consumer())
    for start in range(0, 600, 20):
        await chain.source.transact(produce, "topic", range(start, start + 20))
    await until_applied(chain, "topic", list(range(600)))
    await until_empty(chain)
    assert await chain.applied("topic") == list(range(600))


async def test_an_event_that_comes_twice_is_applied_once(chain: Chain) -> None:
    for ordered, topic in ((True, "a"), (False, "b")):
        one, two = envelopes(topic, (1, 2))
        consumer = chain.consumer(ordered=ordered)
        await chain.broker.publish([one, one, two])
        chain.start(consumer)
        await until_applied(chain, topic, [1, 2])
        await chain.broker.publish([two, one])
        await until_empty(chain)
        assert await chain.applied(topic) == [1, 2]
        chain.tasks.pop().cancel()


async def test_an_early_event_waits_for_its_predecessors_and_holds_up_nobody(chain: Chain) -> None:
    chain.start(chain.consumer())
    await chain.broker.publish([envelope("late", 3), envelope("other", 1), envelope("late", 2)])
    await until_applied(chain, "other", [1])
    await until_empty(chain)
    assert (await chain.applied("late"), await waiting(chain)) == ([], 2)
    await chain.broker.publish([envelope("late", 1)])
    await until_applied(chain, "late", [1, 2, 3])
    assert await waiting(chain) == 0


async def test_a_refused_event_is_tried_again_and_others_do_not_wait(chain: Chain) -> None:
    tries: list[int] = []

    async def moody(uow: UnitOfWork, event: MessagePosted, got: Envelope) -> None:
        if event.topic_id == "bad":
            tries.append(event.posted)
            if len(tries) < 4:
                raise ValueError("not yet")
        await apply(uow, event, got)

    chain.start(chain.consumer({MessagePosted: moody}))
    await chain.broker.publish([envelope("bad", 1), envelope("good", 1), envelope("bad", 2)])
    await until_applied(chain, "good", [1])
    await until_applied(chain, "bad", [1, 2])
    assert tries == [1, 1, 1, 1, 2]


async def test_later_events_of_a_dead_letter_wait_and_follow_its_replay(chain: Chain) -> None:
    mended = False

    async def broken(uow: UnitOfWork, event: MessagePosted, got: Envelope) -> None:
        if event.posted == 2 and not mended:
            raise ValueError("two is bad")
        await apply(uow, event, got)

    chain.start(chain.consumer({MessagePosted: broken}))
    await chain.broker.publish(envelopes("topic", (1, 2, 3)))
    await chain.broker.publish(envelopes("other", (1,)))

    async def dead() -> bool:
        return len(await chain.broker.dead_letters(QUEUE)) == 1

    await eventually(dead)
    await until_applied(chain, "topic", [1])
    await until_applied(chain, "other", [1])
    (letter,) = await chain.broker.dead_letters(QUEUE)
    assert (letter.envelope.seq, letter.reason) == (2, "ValueError: two is bad")
    mended = True
    await chain.broker.replay(QUEUE, [letter.id])
    await until_applied(chain, "topic", [1, 2, 3])


async def test_the_fault_of_an_early_event_is_its_own(chain: Chain) -> None:
    mended = False

    async def broken(uow: UnitOfWork, event: MessagePosted, got: Envelope) -> None:
        if event.posted == 2 and not mended:
            raise ValueError("two is bad")
        await apply(uow, event, got)

    chain.start(chain.consumer({MessagePosted: broken}))
    await chain.broker.publish(envelopes("topic", (2, 3)))
    await until_empty(chain)
    await chain.broker.publish(envelopes("topic", (1,)))
    await until_applied(chain, "topic", [1])

    async def dead() -> list[int]:
        return [letter.envelope.seq for letter in await chain.broker.dead_letters(QUEUE)]

    assert await eventually(dead) == [2]
    mended = True
    await chain.broker.replay(QUEUE, [letter.id for letter in await chain.broker.dead_letters(QUEUE)])
    await until_applied(chain, "topic", [1, 2, 3])
    assert await waiting(chain) == 0


async def test_an_event_that_this_build_does_not_know_is_set_aside(chain: Chain) -> None:
    known = envelope("topic", 1)
    unknown = type(known)(**{field: getattr(known, field) for field in known.__struct_fields__} | {"version": 99})
    chain.start(chain.consumer())
    await chain.broker.publish([unknown, envelope("other", 1)])

    async def dead() -> bool:
        return bool(await chain.broker.dead_letters(QUEUE))

    assert await eventually(dead)
    await until_applied(chain, "other", [1])


async def test_a_lost_part_makes_the_consumer_wait_and_nothing_counts(chain: Chain) -> None:
    lost = True

    async def needs_a_peer(uow: UnitOfWork, event: MessagePosted, got: Envelope) -> None:
        if lost:
            raise ConnectionRefusedError("peer is away")
        await apply(uow, event, got)

    consumer = chain.consumer({MessagePosted: needs_a_peer})
    chain.start(consumer)
    await chain.broker.publish(envelopes("topic", (1, 2)))
    assert await eventually(lambda: consumer.lost) == "peer is away"
    assert await chain.broker.dead_letters(QUEUE) == []
    lost = False
    await until_applied(chain, "topic", [1, 2])
    assert await eventually(lambda: consumer.lost is None)


async def test_neighbours_are_handled_together(chain: Chain) -> None:
    batches: list[int] = []

    async def in_bulk(uow: UnitOfWork, items: Sequence[tuple[MessagePosted, Envelope]]) -> None:
        batches.append(len(items))
        rows = [{"topic": event.topic_id, "number": event.posted} for event, _ in items]
        await uow.execute(insert(applied), rows)

    await chain.broker.publish(envelopes("topic", range(1, 151)))
    chain.start(chain.consumer({MessagePosted: Together(in_bulk)}))
    await until_applied(chain, "topic", list(range(1, 151)))
    assert sum(batches) == 150
    assert len(batches) < 15, "what waits is taken together, as it comes"


async def test_what_an_event_causes_names_it(chain: Chain) -> None:
    async def answer(uow: UnitOfWork, event: MessagePosted, _: Envelope) -> None:
        if event.topic_id == "question":
            uow.emit(MessagePosted(**{f: getattr(event, f) for f in event.__struct_fields__} | {"topic_id": "answer"}))

    answers = await chain.broker.listen((MessagePosted,))
    chain.start(
        chain.consumer({MessagePosted: answer}),
        Relay(chain.target, chain.broker, cache_for("memory://chain"), "target"),
    )
    question = envelope("question")
    await chain.broker.publish([question])
    got: list[Envelope] = []

    async def take() -> bool:
        got.extend(await answers.take(10) or ())
        return len(got) == 2

    await eventually(take)
    assert (got[1].key, got[1].causation, got[1].correlation) == ("answer", question.id, question.correlation)


async def test_a_lost_broker_keeps_events_in_the_outbox(chain: Chain) -> None:
    lost, publish = True, chain.broker.publish

    async def maybe(envelopes: Sequence[Envelope]) -> None:
        if lost:
            raise BrokerLost("broker is away")
        await publish(envelopes)

    chain.broker.publish = maybe  # type: ignore[method-assign]
    chain.start(chain.relay, chain.consumer())
    await chain.source.transact(produce, "topic", [1, 2])
    assert await eventually(lambda: chain.relay.lost) == "broker is away"
    lost = False
    await until_applied(chain, "topic", [1, 2])
    assert chain.relay.lost is None


async def test_many_services_at_once_lose_nothing(chain: Chain) -> None:
    chain.start(chain.relay, chain.consumer())
    topics = [f"topic-{n}" for n in range(20)]
    for start in range(0, 30, 3):
        await asyncio.gather(*(chain.source.transact(produce, topic, range(start, start + 3)) for topic in topics))
    for topic in topics:
        await until_applied(chain, topic, list(range(30)))
    await until_empty(chain)
    assert [await chain.applied(topic) for topic in topics] == [list(range(30))] * len(topics)


async def test_who_has_the_broker_back_lacks_nothing_although_no_event_comes(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    consumer = chain.consumer()
    with monkeypatch.context() as broken:
        broken.setattr(chain.broker, "consume", refuse)
        chain.start(consumer)
        assert await eventually(lambda: consumer.lost) == "gone"
    assert await eventually(lambda: consumer.lost is None)


async def refuse(_: object) -> None:
    raise BrokerLost("gone")
