"""A durable queue in the hands of its one consumer."""

from collections.abc import Collection, Sequence

from services.contracts.envelope import ENCODER, Envelope
from services.kernel.broker.protocol import Delivery, QueueFacts
from services.kernel.broker.rabbit.dead import DeadLetters
from services.kernel.broker.rabbit.deliveries import Deliveries, Message, envelope_in, tag_of

PREFETCH = 1_500
"""Messages that may be here without being acknowledged: all that may be tried again at a time, and some batches."""


class RabbitQueue:
    """Lives as long as its channel. What is given back stays here: RabbitMQ would count it as a death's work."""

    def __init__(self, name: str, channel: Deliveries, dead: DeadLetters) -> None:
        self.name = name
        self.channel = channel
        self._dead = dead
        self._taken: dict[int, Message] = {}
        """By tag, oldest first."""

    async def take(self, most: int, timeout: float | None = None) -> Sequence[Delivery]:
        deliveries: list[Delivery] = []
        while not deliveries:
            if not await self.channel.wait(timeout):
                return []
            waiting = self.channel.waiting
            for message in [waiting.popleft() for _ in range(min(most, len(waiting)))]:
                if envelope := envelope_in(message):
                    self._taken[tag_of(message)] = message
                    deliveries.append(Delivery(tag_of(message), envelope))
                else:
                    await self.channel.reject(tag_of(message))
        return deliveries

    async def acknowledge(self, tags: Collection[int]) -> None:
        self.channel.check()
        for tag in tags:
            del self._taken[tag]
        left = self._oldest()
        together = max((tag for tag in tags if left is None or tag < left), default=0)
        await self.channel.acknowledge([tag for tag in tags if tag > together], all_before=together)

    async def set_aside(self, tag: int, reason: str) -> None:
        self.channel.check()
        await self._dead.add(self.name, self._taken[tag].body, reason)
        await self.acknowledge([tag])

    async def bury(self, envelope: Envelope, reason: str) -> None:
        await self._dead.add(self.name, ENCODER.encode(envelope), reason)

    async def give_back(self) -> None:
        self.channel.waiting.extendleft(reversed(self._taken.values()))
        self._taken.clear()

    async def facts(self) -> QueueFacts:
        """Asked in this order nothing is missed: what RabbitMQ has sent before its first answer is here before its
        second."""
        ready = await self.channel.count(self.name)
        dead = await self._dead.count(self.channel, self.name)
        waiting = ready + len(self.channel.waiting)
        return QueueFacts(name=self.name, waiting=waiting, unacknowledged=len(self._taken), dead=dead)

    def _oldest(self) -> int | None:
        """The oldest tag that is not acknowledged."""
        if self._taken:
            return next(iter(self._taken))
        return tag_of(self.channel.waiting[0]) if self.channel.waiting else None
