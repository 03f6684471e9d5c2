"""A queue divided among processes, on a real RabbitMQ: its order holds for each account, and nothing is lost."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from services.contracts.envelope import ENCODER
from services.contracts.event import Event
from services.contracts.events.chat import MessagePosted
from services.kernel.broker import Queue
from services.kernel.broker.rabbit.broker import RabbitBroker
from services.kernel.broker.rabbit.layout import BUCKETS, bucket_of, priorities
from services.kernel.broker.rabbit.link import Link
from services.kernel.broker.rabbit.publisher import Letter, Publisher
from services.kernel.broker.rabbit.wire import address
from services.kernel.consumer import Consumer
from tests.cable import Cable
from tests.containers import vhost
from tests.contract.broker.taking import SILENCE, taken
from tests.envelopes import envelope, envelopes
from tests.eventually import eventually
from tests.integration.kernel.chain import QUEUE, Chain, applied, apply, chain_in, produce

pytestmark = pytest.mark.embedded("it needs RabbitMQ alone; on others it would be the same")
EVENTS: tuple[type[Event], ...] = (MessagePosted,)
SHARDS = 8
SOON = 40.0


@pytest.fixture
def url() -> Iterator[str]:
    with vhost() as made:
        yield made


@asynccontextmanager
async def member(url: str, name: str, shards: int = SHARDS) -> AsyncIterator[RabbitBroker]:
    """A process of the service."""
    broker = RabbitBroker(url, name)
    await broker.declare(QUEUE, EVENTS, shards)
    try:
        yield broker
    finally:
        await broker.close()


def topic_of_each_bucket() -> dict[int, str]:
    found: dict[int, str] = {}
    for number in range(10 * BUCKETS):
        found.setdefault(int(bucket_of(envelope(f"topic-{number}"))), f"topic-{number}")
    assert len(found) == BUCKETS
    return found


TOPICS = topic_of_each_bucket()


class Round:
    """Events of every bucket, and who took which."""

    def __init__(self, publisher: RabbitBroker, members: dict[str, Queue]) -> None:
        self._publisher = publisher
        self._members = members
        self._seq = 0

    async def takers(self) -> dict[int, str]:
        """Who has each bucket."""
        self._seq += 1
        await self._publisher.publish([envelope(topic, self._seq) for topic in TOPICS.values()])
        buckets = {topic: bucket for bucket, topic in TOPICS.items()}
        took: dict[int, str] = {}
        async with asyncio.timeout(SOON):
            while len(took) < BUCKETS:
                for name, queue in self._members.items():
                    deliveries = await queue.take(BUCKETS, timeout=0.02)
                    await queue.acknowledge([each.tag for each in deliveries])
                    took.update({buckets[each.envelope.key]: name for each in deliveries})
        return took

    async def until(self, names: Sequence[str]) -> None:
        """Each of these has what its wishes say."""
        wished = expected(names)

        async def so() -> bool:
            return await self.takers() == wished

        await eventually(so, SOON)


def expected(names: Iterable[str]) -> dict[int, str]:
    wishes = {name: priorities(name, SHARDS) for name in names}
    return {bucket: max(wishes, key=lambda name: wishes[name][bucket % SHARDS]) for bucket in range(BUCKETS)}


async def test_two_processes_share_the_shards_and_a_third_takes_its_share_and_gives_it_back(url: str) -> None:
    async with member(url, "a") as a, member(url, "b") as b:
        members: dict[str, Queue] = {"a": await a.consume(QUEUE), "b": await b.consume(QUEUE)}
        round_ = Round(a, members)
        await round_.until("ab")
        assert min(list(expected("ab").values()).count(name) for name in "ab") >= BUCKETS // 4
        async with member(url, "canary") as canary:
            members["canary"] = await canary.consume(QUEUE)
            await round_.until(["a", "b", "canary"])
            assert "canary" in expected(["a", "b", "canary"]).values()
            del members["canary"]
        await round_.until("ab")


async def test_a_shard_is_given_over_only_when_what_was_handed_out_is_acknowledged(url: str) -> None:
    (bucket, topic), *_ = [item for item in TOPICS.items() if expected("ab")[item[0]] == "b"]
    async with member(url, "a") as a, member(url, "b") as b:
        first = await a.consume(QUEUE)
        await a.publish(envelopes(topic, (1, 2)))
        deliveries = await taken(first, 2)
        second = await b.consume(QUEUE)
        await a.publish(envelopes(topic, (3, 4)))
        assert await second.take(10, timeout=SILENCE) == []
        await first.acknowledge([each.tag for each in deliveries])
        handed: list[int] = []
        while len(handed) < 2:
            for queue in (first, second):
                more = await queue.take(10, timeout=SILENCE)
                await queue.acknowledge([each.tag for each in more])
                handed += [each.envelope.seq for each in more]
        assert handed == [3, 4]
        await a.publish(envelopes(topic, (5,)))
        assert [each.envelope.seq for each in await second.take(10, timeout=SOON)] == [5]
        assert bucket_of(envelope(topic)) == str(bucket)


async def test_facts_and_dead_letters_are_those_of_all_shards_together(url: str) -> None:
    async with member(url, "a") as a:
        await a.publish([envelope(topic) for topic in TOPICS.values()])
        (facts,) = await a.queues()
        assert (facts.name, facts.waiting, facts.dead) == (QUEUE, BUCKETS, 0)
        queue = await a.consume(QUEUE)
        aside = 0
        while aside < BUCKETS:
            for delivery in await queue.take(10):
                await queue.set_aside(delivery.tag, "no")
                aside += 1
        await eventually(lambda: so_many_dead(a, BUCKETS))
        letters = await a.dead_letters(QUEUE)
        assert {letter.envelope.key for letter in letters} == set(TOPICS.values())
        assert await a.replay(QUEUE, [letter.id for letter in letters]) == BUCKETS
        again: set[str] = set()
        while len(again) < BUCKETS:
            again |= {each.envelope.key for each in await queue.take(BUCKETS)}


async def so_many_dead(broker: RabbitBroker, count: int) -> bool:
    (facts,) = await broker.queues()
    return facts.dead == count and facts.waiting + facts.unacknowledged == 0


async def test_a_producer_of_before_that_names_no_bucket_still_finds_the_service(url: str) -> None:
    link = Link(address(url), "before")
    before = Publisher(link)
    before.expected = {("chat", "message_posted"): (QUEUE,)}
    async with member(url, "a") as a:
        await a.tidy(QUEUE)
        queue = await a.consume(QUEUE)
        letter = Letter("chat", "message_posted", ENCODER.encode(envelope("topic", 7)), mandatory=True)
        await before.publish([letter])
        assert [each.envelope.seq for each in await queue.take(10, timeout=SOON)] == [7]
    await link.close()


class Working:
    """Processes of a service that come and go, over one database, while another service produces."""

    def __init__(self, chain: Chain, url: str, topics: Sequence[str]) -> None:
        self.chain = chain
        self._url = url
        self._topics = topics
        self._cables: dict[str, Cable] = {}
        self._brokers: dict[str, RabbitBroker] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.count = 0

    async def produce(self, rounds: int) -> None:
        for _ in range(rounds):
            for topic in self._topics:
                await self.chain.source.transact(produce, topic, (self.count,))
            self.count += 1

    async def join(self, name: str, shards: int = SHARDS) -> RabbitBroker:
        cable = self._cables[name] = Cable(self._url)
        broker = self._brokers[name] = RabbitBroker(await cable.lay(), name)
        await broker.declare(QUEUE, EVENTS, shards)
        consumer = Consumer(self.chain.target, broker, QUEUE, {MessagePosted: apply}, EVENTS)
        self._tasks[name] = asyncio.create_task(consumer.run())
        return broker

    async def leave(self, name: str) -> None:
        self._tasks.pop(name).cancel()
        await self._brokers.pop(name).close()

    async def kill(self, name: str) -> None:
        """Its connections end in the middle, whatever it is at."""
        self._cables[name].cut()
        self._tasks.pop(name).cancel()
        await self._brokers.pop(name).close()

    async def all_applied(self) -> list[tuple[str, int]]:
        """Everything, in the order in which it was applied, once it is all there."""
        whole = self.count * len(self._topics)

        async def so_much() -> list[tuple[str, int]] | None:
            async with self.chain.target.reading() as connection:
                rows = await connection.execute(select(applied.c.topic, applied.c.number).order_by(applied.c.id))
                found = [(topic, number) for topic, number in rows]
            assert len(found) <= whole
            return found if len(found) == whole else None

        return await eventually(so_much, SOON)

    async def check(self) -> list[tuple[str, int]]:
        """Each topic's events once and in their order, and nothing set aside."""
        found = await self.all_applied()
        for topic in self._topics:
            assert [number for of, number in found if of == topic] == list(range(self.count))
        assert await self.chain.broker.dead_letters(QUEUE) == []
        return found

    async def close(self) -> None:
        for name in list(self._tasks):
            await self.leave(name)
        for cable in self._cables.values():
            await cable.remove()


@asynccontextmanager
async def working(folder: Path, url: str, shards: int = SHARDS) -> AsyncIterator[Working]:
    async with chain_in(folder, url) as chain:
        chain.broker.expect({MessagePosted: (QUEUE,)}, {QUEUE: shards})
        await chain.broker.declare(QUEUE, EVENTS, shards)
        made = Working(chain, url, [f"topic-{number}" for number in range(12)])
        chain.start(chain.relay)
        try:
            yield made
        finally:
            await made.close()


async def test_the_order_of_each_account_holds_while_processes_come_go_and_are_killed(tmp_path: Path, url: str) -> None:
    async with working(tmp_path, url) as work:
        await work.join("a")
        await work.produce(10)
        await work.join("b")
        await work.produce(10)
        await work.join("c")
        await work.produce(10)
        await work.kill("a")
        await work.produce(10)
        await work.join("d")
        await work.leave("b")
        await work.produce(10)
        await work.kill("c")
        await work.produce(10)
        await work.check()


async def test_a_deploy_from_one_queue_to_eight_shards_and_back_loses_nothing(tmp_path: Path, url: str) -> None:
    async with working(tmp_path, url, shards=1) as work:
        await work.join("old", 1)
        await work.produce(5)
        new = await work.join("new")
        await work.produce(5)
        await new.tidy(QUEUE)
        await work.produce(5)
        await work.leave("old")
        await work.produce(5)
        back = await work.join("back", 1)
        await work.produce(5)
        await back.tidy(QUEUE)
        await work.leave("new")
        await work.produce(5)
        await work.check()
        (facts,) = await back.queues()
        assert facts.waiting == 0


@pytest.mark.parametrize(("before", "after"), [(1, 8), (8, 1), (8, 16), (16, 8)])
async def test_what_lies_in_the_queues_of_before_is_taken_first(url: str, before: int, after: int) -> None:
    async with member(url, "before", before) as old:
        await old.publish(envelopes("topic", range(1, 11)))
    async with member(url, "after", after) as new:
        await new.tidy(QUEUE)
        await new.publish(envelopes("topic", range(11, 21)))
        queue = await new.consume(QUEUE)
        handed: list[int] = []
        while len(handed) < 20:
            deliveries = await queue.take(3)
            handed += [each.envelope.seq for each in deliveries]
            await queue.acknowledge([each.tag for each in deliveries])
        assert handed == list(range(1, 21))


async def test_two_layouts_beside_each_other_apply_what_both_get_once(tmp_path: Path, url: str) -> None:
    async with working(tmp_path, url) as work:
        await work.join("old", 1)
        await work.join("new")
        await work.produce(20)
        await work.check()
