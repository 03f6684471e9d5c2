"""Whatever a queue's life is like, nothing is lost and the order stands."""

import asyncio
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from services.contracts.events.chat import MessagePosted
from services.kernel.broker import Queue
from tests.containers import vhost
from tests.contract.broker.conftest import InMemory, InRabbit, Kind, Opened
from tests.contract.broker.taking import seqs, taken
from tests.envelopes import envelopes

ACTIONS = st.lists(st.sampled_from(["publish", "take", "acknowledge", "give back", "crash"]), max_size=30)


class Life:
    """A queue, and what it must hold: the numbers published and not acknowledged."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.published = 0
        self.left: list[int] = []
        self.held: dict[int, int] = {}

    async def start(self) -> None:
        await self.opened.now.declare("queue", (MessagePosted,))
        self.queue: Queue = await self.opened.now.consume("queue")
        self.held = {}

    async def step(self, action: str) -> None:
        if action == "publish":
            numbers = range(self.published, self.published + 3)
            self.published += 3
            await self.opened.now.publish(envelopes("topic", numbers))
            self.left.extend(numbers)
        elif action == "take":
            expected = [number for number in self.left if number not in self.held.values()][:2]
            deliveries = await taken(self.queue, len(expected))
            assert seqs(deliveries) == expected
            self.held.update((delivery.tag, delivery.envelope.seq) for delivery in deliveries)
        elif action == "acknowledge":
            await self.queue.acknowledge(list(self.held))
            self.left = [number for number in self.left if number not in self.held.values()]
            self.held = {}
        elif action == "give back":
            await self.queue.give_back()
            self.held = {}
        else:
            await self.opened.rest()
            await self.opened.lose()
            await self.start()


async def live(kind: Kind, actions: list[str]) -> None:
    life = Life(Opened(kind))
    await life.opened.open()
    await life.start()
    for action in actions:
        await life.step(action)
    await life.queue.give_back()
    assert seqs(await taken(life.queue, len(life.left))) == life.left
    assert await life.queue.take(1, timeout=0) == []
    await life.opened.close()


@given(actions=ACTIONS)
def test_a_queue_in_memory_holds_what_was_published_and_not_acknowledged(actions: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(live(InMemory(Path(folder)), actions))


@settings(max_examples=20)
@given(actions=ACTIONS)
def test_a_queue_in_rabbitmq_holds_what_was_published_and_not_acknowledged(actions: list[str]) -> None:
    with vhost() as url:
        asyncio.run(live(InRabbit(url), actions))
