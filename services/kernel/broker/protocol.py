"""What a broker does: topics to durable queues, each event at least once and in the order of its publishing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, Protocol

from services.contracts.envelope import Envelope
from services.contracts.event import Event

LIVE = 20_000
"""Events that wait in a live queue before they are lost."""


class BrokerLost(ConnectionError):
    """The broker does not answer; nobody's message is at fault."""


class Delivery(NamedTuple):
    """An event that a queue handed out; ``tag`` names it to the queue until it is acknowledged."""

    tag: int
    envelope: Envelope


@dataclass(frozen=True, kw_only=True)
class QueueFacts:
    """Messages in a durable queue: not yet handed out, handed out and not acknowledged, set aside."""

    name: str
    waiting: int
    unacknowledged: int
    dead: int


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """An event set aside, and why; ``time`` is wall time in microseconds."""

    id: int
    queue: str
    envelope: Envelope
    reason: str
    time: int


class Queue(Protocol):
    """A durable queue in the hands of its one consumer."""

    async def take(self, most: int, timeout: float | None = None) -> Sequence[Delivery]:
        """What waits, at most so many, oldest first; waits for one, or for the timeout in seconds (then nothing)."""

    async def acknowledge(self, tags: Collection[int]) -> None:
        """These are done with."""

    async def set_aside(self, tag: int, reason: str) -> None:
        """This one can't be handled: to the dead letters."""

    async def bury(self, envelope: Envelope, reason: str) -> None:
        """An event that was acknowledged, and kept by the consumer, can't be handled: to the dead letters."""

    async def give_back(self) -> None:
        """Hand out again, in their order, all that was handed out and not acknowledged."""


class LiveQueue(Protocol):
    """A queue that goes with its consumer, and may lose."""

    async def take(self, most: int) -> Sequence[Envelope] | None:
        """What waits, at most so many; waits for one. None when events were lost: start anew from the services."""

    async def close(self) -> None:
        """Want no more."""


class Broker(Protocol):
    """Events are routed by producer and name."""

    def expect(
        self, consumers: Mapping[type[Event], Collection[str]], shards: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        """Tell what the topology knows: these durable queues must miss none of these events that are published here,
        whether their consumers have ever been there or not; and which are of several shards."""

    async def declare(self, queue: str, events: Collection[type[Event]], shards: int = 1) -> None:
        """Make a durable queue for these events, or change what it is for; it takes from now on.

        Of several shards each consumer has some, and each account's events (`Event.partition`) are in one of them; a
        broker that has only consumers in one process needs none. Where the broker is away this is done before the
        queue is consumed."""

    async def tidy(self, queue: str) -> None:
        """Take back what other numbers of shards of a declared queue had events come by, so that none comes twice.

        Of all who declare it one does this, or between two of a different mind an event may find no queue."""

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Return when every durable queue that wants these events has them; BrokerLost when that is not known."""

    async def consume(self, queue: str) -> Queue:
        """Become the consumer of a declared queue."""

    async def listen(self, events: Collection[type[Event]]) -> LiveQueue:
        """A live queue for these events."""

    async def queues(self) -> Sequence[QueueFacts]:
        """The durable queues that this process has declared or consumed, by name; BrokerLost when nothing answers."""

    async def dead_letters(self, queue: str, most: int = 200) -> Sequence[DeadLetter]:
        """What a queue has set aside, oldest first."""

    async def replay(self, queue: str, ids: Collection[int]) -> int:
        """Put dead letters back into their queue; how many there were."""

    async def close(self) -> None:
        """Let go of everything; queues stay."""
