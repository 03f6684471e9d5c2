"""The broker in the process: durable queues kept in one file, live ones in memory.

A published envelope goes to the consumers as the object it is; only those that wait in long queues, or that an
earlier process left, are read back from the file.
"""

import asyncio
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import cast
from urllib.parse import parse_qs, urlsplit

from services.contracts.envelope import Envelope
from services.contracts.event import Event
from services.kernel.broker.file import QueueFile
from services.kernel.broker.protocol import LIVE, DeadLetter, Delivery, QueueFacts
from services.kernel.broker.wakeable import Wakeable
from services.runtime import local

AT_HAND = 2_000
"""Envelopes of a queue held in memory; of those behind them only the ids are."""
PEOPLE_FIRST = 0.01
"""Seconds after which the consumers of durable queues are woken: their transactions would run before what a live
queue hands on has reached the clients who watch."""
FLUSH = 0.1
"""Seconds after which acknowledged messages are deleted although nothing was published."""


class MemoryQueue(Wakeable):
    """A durable queue."""

    def __init__(self, name: str, broker: "MemoryBroker") -> None:
        super().__init__()
        self.name = name
        self._broker = broker
        self._ready: deque[int] = deque()
        self._at_hand: dict[int, Envelope] = {}
        self._unacknowledged: dict[int, Envelope] = {}

    def offer(self, message: int, envelope: Envelope | None = None) -> None:
        """Put a message at the end; without its envelope it is read from the file when its turn comes."""
        self._ready.append(message)
        if envelope is not None and len(self._at_hand) < AT_HAND:
            self._at_hand[message] = envelope

    def wake(self) -> None:
        """There is something to take."""
        self._wake()

    def facts(self, dead: int) -> QueueFacts:
        return QueueFacts(name=self.name, waiting=len(self._ready), unacknowledged=len(self._unacknowledged), dead=dead)

    async def take(self, most: int, timeout: float | None = None) -> Sequence[Delivery]:
        while not self._ready:
            if not await self._sleep(timeout):
                return []
        tags = [self._ready.popleft() for _ in range(min(most, len(self._ready)))]
        missing = [tag for tag in tags if tag not in self._at_hand]
        read = self._broker.file.read(missing) if missing else {}
        read.update((tag, self._at_hand.pop(tag)) for tag in tags if tag not in read)
        deliveries = [Delivery(tag, read[tag]) for tag in tags]
        self._unacknowledged.update(deliveries)
        return deliveries

    async def acknowledge(self, tags: Collection[int]) -> None:
        for tag in tags:
            del self._unacknowledged[tag]
        self._broker.done(tags)

    async def set_aside(self, tag: int, reason: str) -> None:
        self._broker.file.set_aside(tag, reason)
        del self._unacknowledged[tag]

    async def bury(self, envelope: Envelope, reason: str) -> None:
        self._broker.file.bury(self.name, envelope, reason)

    async def give_back(self) -> None:
        for tag, envelope in sorted(self._unacknowledged.items(), reverse=True):
            self._ready.appendleft(tag)
            self._at_hand[tag] = envelope
        self._unacknowledged.clear()
        if self._ready:
            self._wake()


class MemoryLiveQueue(Wakeable):
    """A queue that goes with its consumer."""

    def __init__(self, broker: "MemoryBroker") -> None:
        super().__init__()
        self._broker = broker
        self._waiting: deque[Envelope] = deque()
        self._lost = False

    def offer(self, envelope: Envelope) -> None:
        """Put an event at the end, or lose all that wait when they are too many."""
        if len(self._waiting) >= LIVE:
            self._waiting.clear()
            self._lost = True
        self._waiting.append(envelope)
        self._wake()

    async def take(self, most: int) -> Sequence[Envelope] | None:
        while not self._waiting:
            await self._sleep()
        if self._lost:
            self._lost = False
            return None
        return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]

    async def close(self) -> None:
        self._broker.forget(self)


class MemoryBroker:
    """One for each process and file."""

    def __init__(self, path: str) -> None:
        self.file = QueueFile(path)
        self._queues: dict[str, MemoryQueue] = {}
        self._durable: dict[tuple[str, str], tuple[str, ...]] = {}
        self._live: dict[tuple[str, str], tuple[MemoryLiveQueue, ...]] = {}
        self._flush: asyncio.TimerHandle | None = None
        self._route()
        for message, queue in self.file.waiting():
            self._queue(queue).offer(message)

    def expect(
        self,
        consumers: Mapping[type[Event], Collection[str]],
        shards: Mapping[str, int] = MappingProxyType({}),  # noqa: ARG002
    ) -> None:
        self.file.add_bindings(
            (queue, event.producer, event.name) for event, queues in consumers.items() for queue in queues
        )
        self._route()

    async def declare(self, queue: str, events: Collection[type[Event]], shards: int = 1) -> None:  # noqa: ARG002
        wanted = {(event.producer, event.name) for event in events}
        if wanted != {(producer, name) for of, producer, name in self.file.bindings() if of == queue}:
            self.file.bind(queue, wanted)
            self._route()
        self._queue(queue)

    async def tidy(self, queue: str) -> None:
        """Nothing: all consumers are in this process, and share nothing."""

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        routes = self._durable
        letters = [(one, routes[one.producer, one.name]) for one in envelopes if (one.producer, one.name) in routes]
        if letters:
            woken: dict[str, MemoryQueue] = {}
            for message, queue, envelope in self.file.add(letters):
                woken[queue] = self._queues[queue]
                woken[queue].offer(message, envelope)
            for each in woken.values():
                asyncio.get_running_loop().call_later(PEOPLE_FIRST, each.wake)
        for envelope in envelopes:
            for listener in self._live.get((envelope.producer, envelope.name), ()):
                listener.offer(envelope)

    async def consume(self, queue: str) -> MemoryQueue:
        consumed = self._queues[queue]
        await consumed.give_back()
        return consumed

    async def listen(self, events: Collection[type[Event]]) -> MemoryLiveQueue:
        listener = MemoryLiveQueue(self)
        for event in events:
            route = (event.producer, event.name)
            self._live[route] = (*self._live.get(route, ()), listener)
        return listener

    async def queues(self) -> Sequence[QueueFacts]:
        dead = self.file.count_dead()
        return [self._queues[name].facts(dead.get(name, 0)) for name in sorted(self._queues)]

    async def dead_letters(self, queue: str, most: int = 200) -> Sequence[DeadLetter]:
        return self.file.dead(queue, most)

    async def replay(self, queue: str, ids: Collection[int]) -> int:
        revived = self.file.revive(queue, ids)
        for message in revived:
            self._queues[queue].offer(message)
        self._queues[queue].wake()
        return len(revived)

    async def close(self) -> None:
        if self._flush is not None:
            self._flush.cancel()
        self.file.close()

    def done(self, messages: Collection[int]) -> None:
        """Delete messages with the next commit, which comes soon."""
        self.file.done(messages)
        if self._flush is None:
            self._flush = asyncio.get_running_loop().call_later(FLUSH, self._flush_now)

    def forget(self, listener: MemoryLiveQueue) -> None:
        """Send a live queue nothing any more."""
        for route, listeners in list(self._live.items()):
            self._live[route] = tuple(one for one in listeners if one is not listener)

    def _flush_now(self) -> None:
        self._flush = None
        self.file.flush()

    def _queue(self, name: str) -> MemoryQueue:
        if name not in self._queues:
            self._queues[name] = MemoryQueue(name, self)
        return self._queues[name]

    def _route(self) -> None:
        routes: dict[tuple[str, str], tuple[str, ...]] = {}
        for queue, producer, name in self.file.bindings():
            self._queue(queue)
            routes[producer, name] = (*routes.get((producer, name), ()), queue)
        self._durable = routes


def memory_broker(url: str) -> MemoryBroker:
    """The process's broker of ``memory://broker?path=FILE``."""
    try:
        return cast("MemoryBroker", local.find(url))
    except LookupError:
        path = parse_qs(urlsplit(url).query).get("path")
        if not path:
            raise ValueError(f"{url} names no path for the broker's file") from None
        broker = MemoryBroker(path[0])
        local.offer(url, broker)
        return broker
