"""Whatever a queue's life is like, nothing is lost and the order stands."""

import asyncio
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.events.chat import MessagePosted
from services.kernel.broker import Broker, Queue
from services.kernel.broker.memory import MemoryBroker
from tests.envelopes import envelopes

ACTIONS = st.lists(st.sampled_from(["publish", "take", "acknowledge", "give back", "crash"]), max_size=30)


class Life:
    """A queue, and what it must hold: the numbers published and not acknowledged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.published = 0
        self.left: list[int] = []
        self.held: dict[int, int] = {}
        self.lost: list[Broker] = []

    async def start(self) -> None:
        self.broker = MemoryBroker(str(self.path))
        await self.broker.declare("queue", (MessagePosted,))
        self.queue: Queue = await self.broker.consume("queue")
        self.held = {}

    async def step(self, action: str) -> None:
        if action == "publish":
            numbers = range(self.published, self.published + 3)
            self.published += 3
            await self.broker.publish(envelopes("topic", numbers))
            self.left.extend(numbers)
        elif action == "take":
            deliveries = await self.queue.take(2, timeout=0)
            expected = [number for number in self.left if number not in self.held.values()][:2]
            assert [delivery.envelope.seq for delivery in deliveries] == expected
            self.held.update((delivery.tag, delivery.envelope.seq) for delivery in deliveries)
        elif action == "acknowledge":
            await self.queue.acknowledge(list(self.held))
            self.left = [number for number in self.left if number not in self.held.values()]
            self.held = {}
        elif action == "give back":
            await self.queue.give_back()
            self.held = {}
        else:
            await self.broker.publish([])
            self.broker.file.flush()
            self.lost.append(self.broker)
            await self.start()


@given(actions=ACTIONS)
def test_a_queue_holds_what_was_published_and_not_acknowledged(actions: list[str]) -> None:
    async def live() -> None:
        with tempfile.TemporaryDirectory() as folder:
            life = Life(Path(folder) / "broker.db")
            await life.start()
            for action in actions:
                await life.step(action)
            await life.queue.give_back()
            rest = await life.queue.take(10_000, timeout=0)
            assert [delivery.envelope.seq for delivery in rest] == life.left
            for broker in (*life.lost, life.broker):
                await broker.close()

    asyncio.run(live())
