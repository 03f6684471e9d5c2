"""The broker in RabbitMQ: a connection for what goes out, another for what comes in."""

import os
import socket
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import cast

from services.contracts.envelope import ENCODER, Envelope
from services.contracts.event import Event
from services.kernel.broker.protocol import BrokerLost, DeadLetter, QueueFacts
from services.kernel.broker.rabbit.channel import Channel, is_there, passing
from services.kernel.broker.rabbit.dead import DeadLetters
from services.kernel.broker.rabbit.deliveries import Deliveries
from services.kernel.broker.rabbit.layout import SHARDS, Layout, bucket_of
from services.kernel.broker.rabbit.link import Link
from services.kernel.broker.rabbit.live import RabbitLiveQueue
from services.kernel.broker.rabbit.publisher import Letter, Publisher
from services.kernel.broker.rabbit.queue import RabbitQueue
from services.kernel.broker.rabbit.topology import routes
from services.kernel.broker.rabbit.wire import address
from services.runtime import local, log


class RabbitBroker:
    """What is declared is remembered, and is made again whenever a queue is consumed anew.

    Out and in do not share a connection: when RabbitMQ is short of memory it stops reading from those that publish, and
    would not hear the acknowledgements that free it.
    """

    def __init__(self, url: str, process: str = "") -> None:
        """``process``: its name among those that share a queue's shards; where it runs, if none is given."""
        self._in = Link(address(url), f"{os.getpid()} in")
        self._out = Link(address(url), f"{os.getpid()} out")
        self._process = process or f"{socket.gethostname()}:{os.getpid()}"
        self._publisher = Publisher(self._out)
        self._dead = DeadLetters(self._in, self._publisher)
        self._layouts: dict[str, Layout] = {}
        self._declared: set[str] = set()
        """Queues that get nothing any more that an earlier release wanted."""
        self._queues: dict[str, RabbitQueue] = {}
        self._log = log.of_process()

    @property
    def closed(self) -> bool:
        return self._in.closed

    def expect(
        self, consumers: Mapping[type[Event], Collection[str]], shards: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        expected = {(event.producer, event.name): tuple(queues) for event, queues in consumers.items() if queues}
        self._publisher.expected = {**self._publisher.expected, **expected}
        self._publisher.shards = {**self._publisher.shards, **shards}

    async def declare(self, queue: str, events: Collection[type[Event]], shards: int = 1) -> None:
        self._layouts[queue] = Layout(queue, routes(events), shards)
        self._declared.discard(queue)
        try:
            async with passing(await self._in.wire()) as channel:
                await self._declare(queue, channel)
        except BrokerLost as error:
            self._log.warning("a queue is declared later", queue=queue, error=str(error))

    async def tidy(self, queue: str) -> None:
        layout = self._layouts[queue]
        async with passing(await self._in.wire()) as channel:
            await channel.call_all([*layout.declaring(), *layout.tidying()])

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        expected = self._publisher.expected
        letters = [
            Letter(
                one.producer,
                one.name,
                ENCODER.encode(one),
                (one.producer, one.name) in expected,
                {"CC": [bucket_of(one)]},
            )
            for one in envelopes
        ]
        await self._publisher.publish(letters, {one.producer for one in envelopes})

    async def consume(self, queue: str) -> RabbitQueue:
        held = self._queues.get(queue)
        if held is not None and held.channel.ended is None:
            await held.give_back()
            return held
        layout = self._layout(queue)
        channel = await Deliveries.open(await self._in.wire())
        made = RabbitQueue(layout, self._process, channel, self._dead)
        try:
            if queue in self._layouts:
                await self._declare(queue, channel)
            await made.begin(await self._others(layout, channel))
        except BaseException:
            channel.abandon("the queue was never consumed")
            raise
        self._queues[queue] = made
        return made

    async def listen(self, events: Collection[type[Event]]) -> RabbitLiveQueue:
        queue = RabbitLiveQueue(self._in, routes(events))
        try:
            await queue.open()
        except BrokerLost as error:
            self._log.warning("a live queue is opened later", error=str(error))
        return queue

    async def queues(self) -> Sequence[QueueFacts]:
        async with passing(await self._in.wire()) as channel:
            return [await self._facts(name, channel) for name in sorted(self._layouts.keys() | self._queues.keys())]

    async def dead_letters(self, queue: str, most: int = 200) -> Sequence[DeadLetter]:
        return await self._dead.read(queue, most)

    async def replay(self, queue: str, ids: Collection[int]) -> int:
        return await self._dead.replay(queue, ids, self._layout(queue).way_to)

    async def close(self) -> None:
        await self._in.close()
        await self._out.close()

    async def _declare(self, name: str, channel: Channel) -> None:
        layout = self._layouts[name]
        await channel.call_all(list(layout.declaring()))
        if name not in self._declared:  # AMQP has each of these answered before the next
            await channel.call_all(list(layout.forgetting()))
            self._declared.add(name)

    def _layout(self, name: str) -> Layout:
        return self._layouts.get(name) or Layout(name, frozenset())

    async def _others(self, layout: Layout, channel: Channel) -> list[str]:
        """Queues of other layouts that are there: by their first one they are known."""
        others = [layout.name] if layout.shards > 1 else []
        for shards in SHARDS[1:]:
            first, *_ = queues = layout.of(shards)
            if shards != layout.shards and await is_there(channel.wire, first):
                await channel.call_all(list(layout.making(shards)))
                others += queues
        return others

    async def _facts(self, name: str, channel: Channel) -> QueueFacts:
        held = self._queues.get(name)
        if held is not None and held.channel.ended is None:
            return await held.facts()
        waiting = await channel.count_all(self._layout(name).queues)
        dead = await self._dead.count(channel, name)
        return QueueFacts(name=name, waiting=waiting, unacknowledged=0, dead=dead)


def rabbit_broker(url: str) -> RabbitBroker:
    """The process's broker of this URL; a new one where the old one was closed."""
    try:
        broker = cast("RabbitBroker", local.find(url))
    except LookupError:
        broker = None
    if broker is None or broker.closed:
        broker = RabbitBroker(url)
        local.offer(url, broker)
    return broker
