"""The broker in RabbitMQ: a connection for what goes out, another for what comes in."""

import os
from collections.abc import Collection, Mapping, Sequence
from typing import cast

from services.contracts.envelope import ENCODER, Envelope
from services.contracts.event import Event
from services.kernel.broker.protocol import BrokerLost, DeadLetter, QueueFacts
from services.kernel.broker.rabbit.channel import Channel, passing
from services.kernel.broker.rabbit.dead import DeadLetters
from services.kernel.broker.rabbit.deliveries import Deliveries
from services.kernel.broker.rabbit.link import Link
from services.kernel.broker.rabbit.live import RabbitLiveQueue
from services.kernel.broker.rabbit.publisher import Letter, Publisher
from services.kernel.broker.rabbit.queue import PREFETCH, RabbitQueue
from services.kernel.broker.rabbit.topology import Route, binding, queue, routes, unbinding
from services.kernel.broker.rabbit.wire import address
from services.runtime import local, log


class RabbitBroker:
    """What is declared is remembered, and is made again whenever a queue is consumed anew.

    Out and in do not share a connection: when RabbitMQ is short of memory it stops reading from those that publish, and
    would not hear the acknowledgements that free it.
    """

    def __init__(self, url: str) -> None:
        self._in = Link(address(url), f"{os.getpid()} in")
        self._out = Link(address(url), f"{os.getpid()} out")
        self._publisher = Publisher(self._out)
        self._dead = DeadLetters(self._in, self._publisher)
        self._wanted: dict[str, frozenset[Route]] = {}
        self._declared: set[str] = set()
        """Queues that get nothing any more that an earlier release wanted."""
        self._queues: dict[str, RabbitQueue] = {}
        self._log = log.of_process()

    @property
    def closed(self) -> bool:
        return self._in.closed

    def expect(self, consumers: Mapping[type[Event], Collection[str]]) -> None:
        expected = {(event.producer, event.name): tuple(queues) for event, queues in consumers.items() if queues}
        self._publisher.expected = {**self._publisher.expected, **expected}

    async def declare(self, queue: str, events: Collection[type[Event]]) -> None:
        self._wanted[queue] = routes(events)
        self._declared.discard(queue)
        try:
            async with passing(await self._in.wire()) as channel:
                await self._declare(queue, channel)
        except BrokerLost as error:
            self._log.warning("a queue is declared later", queue=queue, error=str(error))

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        expected = self._publisher.expected
        letters = [
            Letter(one.producer, one.name, ENCODER.encode(one), (one.producer, one.name) in expected)
            for one in envelopes
        ]
        await self._publisher.publish(letters, {one.producer for one in envelopes})

    async def consume(self, queue: str) -> RabbitQueue:
        held = self._queues.get(queue)
        if held is not None and held.channel.ended is None:
            await held.give_back()
            return held
        channel = await Deliveries.open(await self._in.wire())
        try:
            if queue in self._wanted:
                await self._declare(queue, channel)
            await channel.consume(queue, PREFETCH)
        except BaseException:
            channel.abandon("the queue was never consumed")
            raise
        self._queues[queue] = RabbitQueue(queue, channel, self._dead)
        return self._queues[queue]

    async def listen(self, events: Collection[type[Event]]) -> RabbitLiveQueue:
        queue = RabbitLiveQueue(self._in, routes(events))
        try:
            await queue.open()
        except BrokerLost as error:
            self._log.warning("a live queue is opened later", error=str(error))
        return queue

    async def queues(self) -> Sequence[QueueFacts]:
        async with passing(await self._in.wire()) as channel:
            return [await self._facts(name, channel) for name in sorted(self._wanted.keys() | self._queues.keys())]

    async def dead_letters(self, queue: str, most: int = 200) -> Sequence[DeadLetter]:
        return await self._dead.read(queue, most)

    async def replay(self, queue: str, ids: Collection[int]) -> int:
        return await self._dead.replay(queue, ids)

    async def close(self) -> None:
        await self._in.close()
        await self._out.close()

    async def _declare(self, name: str, channel: Channel) -> None:
        wanted = self._wanted[name]
        await channel.call_all([*queue(name), *binding(name, wanted)])
        if name not in self._declared:  # AMQP has each of these answered before the next
            await channel.call_all(list(unbinding(name, wanted)))
            self._declared.add(name)

    async def _facts(self, name: str, channel: Channel) -> QueueFacts:
        held = self._queues.get(name)
        if held is not None and held.channel.ended is None:
            return await held.facts()
        waiting, dead = await channel.count(name), await self._dead.count(channel, name)
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
