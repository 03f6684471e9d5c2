"""A RabbitMQ of this module's own that is killed, paused, cut off, filled: nothing is lost, and it is said soon."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import APIRouter

from services.contracts.envelope import Envelope
from services.contracts.events.chat import MessagePosted
from services.contracts.manifest import ServiceManifest
from services.kernel.broker import BrokerLost, QueueFacts, broker_for
from services.kernel.broker.rabbit.broker import RabbitBroker
from services.kernel.broker.rabbit.topology import DELIVERIES, arguments
from services.kernel.broker.rabbit.wire import PATIENCE
from services.kernel.peers import Peer
from services.kernel.service import Service
from services.runtime import local
from services.runtime.resources import Resources
from tests.cable import Cable
from tests.containers import Server, create_vhost_on, free_port, management, name_of, need, new_rabbitmq
from tests.contract.broker.taking import SILENCE, heard, seqs, tags, taken
from tests.envelopes import envelope, envelopes
from tests.eventually import eventually
from tests.integration.kernel.chain import QUEUE, Chain, chain_in, produce

pytestmark = pytest.mark.embedded("it has a RabbitMQ of its own; on others it would be the same")
EVENTS = (MessagePosted,)
SOON = 40.0
"""Seconds within which everything is as before, the start of a container included."""


@pytest.fixture(scope="module")
def server() -> Server:
    need("rabbitmq")
    return new_rabbitmq(stays=True)


@pytest.fixture
def url(server: Server) -> str:
    return create_vhost_on(server)


@pytest.fixture
async def cable(url: str) -> AsyncIterator[Cable]:
    made = Cable(url)
    yield made
    await made.remove()


@pytest.fixture
async def broker(cable: Cable) -> AsyncIterator[RabbitBroker]:
    made = RabbitBroker(f"{await cable.lay()}?heartbeat=1")
    await made.declare("queue", EVENTS)
    yield made
    await made.close()


def elsewhere(url: str, port: int) -> str:
    """The same virtual host at another port."""
    return f"{url.rpartition(':')[0]}:{port}/{name_of(url)}"


async def published(broker: RabbitBroker, letters: Sequence[Envelope]) -> bool:
    await broker.publish(letters)
    return True


async def facts_of(broker: RabbitBroker) -> QueueFacts:
    (facts,) = await broker.queues()
    return facts


async def until_applied(chain: Chain, topic: str, count: int, within: float = SOON) -> None:
    async def so_many() -> bool:
        found = await chain.applied(topic)
        assert found == list(range(len(found)))
        return len(found) >= count

    await eventually(so_many, within)


def is_on_disk(server: Server, url: str, queue: str) -> bool:
    """Whether RabbitMQ would find the queue after a kill: which queues there are it writes down half a second later."""
    name = f"{name_of(url)}_{queue}[^.]"
    command = ["grep", "-raqs", "--include=names.dets", name, "/var/lib/rabbitmq"]
    return bool(server.container.exec_run(command).exit_code == 0)


class Production:
    """A use case that is done again and again until it is ``over``, whatever the broker does."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.count = 0
        self.over = False

    async def run(self) -> None:
        while not self.over:
            await self.chain.source.transact(produce, "topic", (self.count,))
            self.count += 1


async def test_a_broker_killed_in_the_middle_of_publishing_costs_nothing(
    server: Server, url: str, tmp_path: Path
) -> None:
    async with chain_in(tmp_path, url) as chain, asyncio.TaskGroup() as tasks:
        await eventually(lambda: is_on_disk(server, url, QUEUE), SOON)
        production = Production(chain)
        tasks.create_task(production.run())
        chain.start(chain.relay, chain.consumer())
        for _ in range(2):
            await until_applied(chain, "topic", production.count + 100)
            await asyncio.to_thread(server.container.kill)
            assert await eventually(lambda: chain.relay.lost)
            await asyncio.to_thread(server.container.start)
        assert await eventually(lambda: chain.relay.lost is None, SOON)
        production.over = True
        await until_applied(chain, "topic", production.count)
        assert await chain.broker.dead_letters(QUEUE) == []


async def test_a_paused_broker_is_noticed_within_seconds_and_back_at_once(server: Server, broker: RabbitBroker) -> None:
    queue = await broker.consume("queue")
    await broker.publish([envelope("topic", 1)])
    await asyncio.to_thread(server.container.pause)
    began = time.monotonic()
    with pytest.raises(BrokerLost):
        await broker.publish([envelope("topic", 2)])
    with pytest.raises(BrokerLost):
        await queue.take(10) and await queue.take(10)
    with pytest.raises(BrokerLost):
        await broker.queues()
    assert time.monotonic() - began < 3 * PATIENCE
    await asyncio.to_thread(server.container.unpause)
    await eventually(lambda: published(broker, [envelope("topic", 3)]), SOON)
    queue = await eventually(lambda: broker.consume("queue"), SOON)
    came: list[int] = []
    while 3 not in came:
        came += seqs(await queue.take(10))
    assert came[0] == 1


async def test_a_silent_broker_is_noticed_by_who_only_waits(cable: Cable, broker: RabbitBroker) -> None:
    queue = await broker.consume("queue")
    cable.hold()
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(BrokerLost, match="no sign of life"):
            await queue.take(10)


async def test_while_the_broker_is_away_everybody_is_refused_at_once(url: str) -> None:
    broker = RabbitBroker(elsewhere(url, free_port()))
    began = time.monotonic()
    for _ in range(20):
        for attempt in (broker.publish([envelope("topic")]), broker.consume("queue"), broker.queues()):
            with pytest.raises(BrokerLost):
                await attempt
    assert time.monotonic() - began < 1
    await broker.close()


async def test_what_was_declared_while_the_broker_was_away_is_there_when_it_is_consumed(cable: Cable, url: str) -> None:
    port = free_port()
    broker = RabbitBroker(elsewhere(url, port))
    await broker.declare("queue", EVENTS)
    live = await broker.listen(EVENTS)
    with pytest.raises(BrokerLost):
        await broker.consume("queue")
    await cable.lay(port)
    queue = await eventually(lambda: broker.consume("queue"))
    assert await live.take(10) is None
    await broker.publish([envelope("topic", 7)])
    assert seqs(await taken(queue, 1)) == [7]
    assert [one.seq for one in await heard(live, 1)] == [7]
    await broker.close()


@asynccontextmanager
async def door(broker: str) -> AsyncIterator[Peer]:
    """A service that follows events live, as its callers see it."""

    async def on_events(_: object) -> None: ...

    local.clear()
    resources = Resources(name="door", urls={"broker": broker, "cache": "memory://cache"})
    service = await Service.open(ServiceManifest(name="door", title="Door", entry="-", live=EVENTS), resources)
    running = service.running(APIRouter(), live=on_events)
    tasks = [asyncio.ensure_future(loop()) for loop in running.tasks]
    try:
        yield Peer("asgi://door")
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await running.stop()
        await broker_for(broker).close()
        local.clear()


async def readiness(peer: Peer) -> tuple[int, str]:
    answer = await peer.request("GET", "/ready")
    return answer.status, answer.json()["status"]


async def test_a_service_says_within_a_second_that_its_broker_is_silent_and_serves_on(cable: Cable) -> None:
    async with door(await cable.lay()) as peer:
        assert await readiness(peer) == (200, "ready")
        cable.hold()
        began = time.monotonic()
        assert await readiness(peer) == (200, "degraded")
        assert time.monotonic() - began < 2
        cable.release()
        assert await eventually(lambda: as_before(peer))


async def test_a_service_starts_without_its_broker_and_is_ready_when_it_is_there(cable: Cable, url: str) -> None:
    port = free_port()
    async with door(elsewhere(url, port)) as peer:
        assert await readiness(peer) == (200, "degraded")
        await cable.lay(port)
        assert await eventually(lambda: as_before(peer))


async def as_before(peer: Peer) -> bool:
    return await readiness(peer) == (200, "ready")


async def test_a_live_queue_loses_nothing_while_it_is_connected_and_says_when_it_was_not(
    cable: Cable, broker: RabbitBroker
) -> None:
    live = await broker.listen(EVENTS)
    for round_ in range(3):
        sent = envelopes("topic", range(round_ * 100, round_ * 100 + 100))
        await broker.publish(sent)
        assert await heard(live, 100) == sent
        cable.cut()
        assert await live.take(10) is None
    await broker.publish([envelope("topic", 1_000)])
    assert [one.seq for one in await heard(live, 1)] == [1_000]


async def test_a_second_consumer_stands_by_and_goes_on_where_the_first_one_ended(
    url: str, broker: RabbitBroker
) -> None:
    other = RabbitBroker(url)
    await broker.publish(envelopes("topic", range(1, 11)))
    first = await broker.consume("queue")
    one, two, *_ = tags(await taken(first, 5))
    second = await other.consume("queue")
    assert await second.take(10, timeout=SILENCE) == []
    await first.acknowledge([one, two])
    await broker.close()
    assert seqs(await taken(second, 8)) == list(range(3, 11))
    await other.close()


async def test_a_queue_that_was_deleted_is_made_again_by_who_needs_it(
    server: Server, url: str, broker: RabbitBroker
) -> None:
    producer = RabbitBroker(url)
    producer.expect({MessagePosted: ("queue",)})
    await producer.publish([envelope("topic", 1)])
    queue = await broker.consume("queue")
    await taken(queue, 1)
    with management(server) as client:
        client.delete(f"/queues/{name_of(url)}/queue").raise_for_status()
    with pytest.raises(BrokerLost, match="the queue is gone"):
        await queue.take(1)
    with pytest.raises(BrokerLost, match="no queue takes message_posted"):
        await producer.publish([envelope("topic", 2)])
    await producer.publish([envelope("topic", 3)])
    assert seqs(await taken(await broker.consume("queue"), 1)) == [3]
    await producer.close()


async def test_a_full_queue_refuses_and_its_producer_keeps_what_it_has(
    server: Server, url: str, tmp_path: Path
) -> None:
    policy = {"pattern": ".*", "apply-to": "queues", "definition": {"max-length": 20}}
    with management(server) as client:
        client.put(f"/policies/{name_of(url)}/small", json=policy).raise_for_status()
    async with chain_in(tmp_path, url) as chain:
        chain.start(chain.relay)
        produced = 0
        while chain.relay.lost is None:
            await chain.source.transact(produce, "topic", range(produced, produced + 20))
            produced += 20
        assert "a queue is full" in chain.relay.lost
        chain.start(chain.consumer())
        await until_applied(chain, "topic", produced)
        assert await eventually(lambda: chain.relay.lost is None)


async def test_only_a_message_over_which_consumers_die_again_and_again_is_given_up(
    url: str, cable: Cable, broker: RabbitBroker
) -> None:
    await broker.publish([envelope("topic", 1)])
    for _ in range(DELIVERIES + 1):
        assert seqs(await taken(await broker.consume("queue"), 1)) == [1]
        cable.cut()
        await eventually(lambda: _is_over(broker))

    async def given_up() -> list[str]:
        return [letter.reason for letter in await broker.dead_letters("queue")]

    assert await eventually(given_up) == ["RabbitMQ: delivery_limit"]
    (letter,) = await broker.dead_letters("queue")
    assert (letter.envelope.seq, abs(letter.time / 1e6 - time.time()) < SOON) == (1, True)


async def _is_over(broker: RabbitBroker) -> bool:
    try:
        await broker.queues()
    except BrokerLost:
        return False
    return True


async def test_acknowledging_goes_on_while_rabbitmq_takes_nothing(server: Server, broker: RabbitBroker) -> None:
    await broker.publish(envelopes("topic", (1, 2)))
    queue = await broker.consume("queue")
    await _watermark(server, "0.000001")
    try:
        with pytest.raises(BrokerLost):
            await broker.publish([envelope("topic", 3)])
        with pytest.raises(BrokerLost):
            await broker.publish([envelope("topic", 3)])
        await queue.acknowledge(tags(await taken(queue, 2)))
        facts = await facts_of(broker)
        assert (facts.waiting, facts.unacknowledged) == (0, 0)
    finally:
        await _watermark(server, "0.6")
    await eventually(lambda: published(broker, [envelope("topic", 4)]), SOON)


async def _watermark(server: Server, share: str) -> None:
    command = ["rabbitmqctl", "set_vm_memory_high_watermark", share]
    assert (await asyncio.to_thread(server.container.exec_run, command)).exit_code == 0


async def test_the_facts_count_an_event_from_its_confirm_to_its_acknowledgement(broker: RabbitBroker) -> None:
    queue = await broker.consume("queue")
    for number in range(200):
        await broker.publish([envelope("topic", number)])
        facts = await facts_of(broker)
        assert facts.waiting + facts.unacknowledged >= 1
        await queue.acknowledge(tags(await taken(queue, 1)))
    facts = await facts_of(broker)
    assert (facts.waiting, facts.unacknowledged) == (0, 0)


async def test_what_is_no_event_is_put_aside_and_holds_up_nobody(
    server: Server, url: str, broker: RabbitBroker
) -> None:
    junk = {"properties": {}, "routing_key": "message_posted", "payload": "junk", "payload_encoding": "string"}
    queue = await broker.consume("queue")
    with management(server) as client:
        answer = client.post(f"/exchanges/{name_of(url)}/chat/publish", json=junk)
        assert answer.json() == {"routed": True}
    await broker.publish([envelope("topic", 1)])
    assert seqs(await taken(queue, 1)) == [1]

    async def dead() -> bool:
        return (await facts_of(broker)).dead == 1

    await eventually(dead)
    assert await broker.dead_letters("queue") == []


async def test_who_is_refused_is_told_why(url: str) -> None:
    for wrong, why in (
        (url.replace("tests:", "nobody:"), "ACCESS_REFUSED"),
        (f"{url}-not-there", "refused the virtual host"),
    ):
        broker = RabbitBroker(wrong)
        with pytest.raises(BrokerLost, match=why):
            await broker.queues()
        await broker.close()


def test_a_queues_arguments_are_those_of_all_releases() -> None:
    assert arguments("orders") == {
        "x-queue-type": "quorum",
        "x-single-active-consumer": True,
        "x-overflow": "reject-publish",
        "x-max-length": 1_000_000,
        "x-dead-letter-exchange": "dead_letters",
        "x-dead-letter-routing-key": "orders",
        "x-dead-letter-strategy": "at-least-once",
        "x-delivery-limit": 200,
    }
