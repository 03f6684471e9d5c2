"""A durable queue in the hands of its one consumer."""

from collections.abc import Collection, Sequence

from services.contracts.envelope import ENCODER, Envelope
from services.kernel.broker.protocol import Delivery, QueueFacts
from services.kernel.broker.rabbit.dead import DeadLetters
from services.kernel.broker.rabbit.deliveries import Deliveries, Message, envelope_in, tag_of
from services.kernel.broker.rabbit.layout import Layout, priorities

PREFETCH = 1_500
"""Messages that may be here without being acknowledged: all that may be tried again at a time, and some batches."""
OF_A_SHARD = 100
"""Of one of many shards: a shard whose events are all tried again waits for them, and another process is soon given
what this one has no more than begun with."""
LOOK = 0.1
"""Seconds between two looks whether the queues of another layout are empty."""


class RabbitQueue:
    """Lives as long as its channel. What is given back stays here: RabbitMQ would count it as a death's work.

    Of several shards each has a single active consumer, whom the priorities choose among all processes: of those that
    this process has, everything comes in one line, and so into one transaction.
    """

    def __init__(self, layout: Layout, process: str, channel: Deliveries, dead: DeadLetters) -> None:
        self.name = layout.name
        self.channel = channel
        self._layout = layout
        self._process = process
        self._others: Sequence[str] = ()
        """Queues of other layouts, which come first: what is in them is older."""
        self._begun = False
        """Whether the layout's own are consumed."""
        self._dead = dead
        self._taken: dict[int, Message] = {}
        """By tag, oldest first."""

    async def begin(self, others: Sequence[str]) -> None:
        """Have messages sent."""
        self._others = others
        await self.channel.consume_all(dict.fromkeys(others), self._prefetch)
        await self._begin_own()

    async def take(self, most: int, timeout: float | None = None) -> Sequence[Delivery]:
        deliveries: list[Delivery] = []
        while not deliveries:
            if not self._begun and not self.channel.waiting:
                await self._begin_own()
                if not self._begun:
                    timeout = LOOK if timeout is None else min(LOOK, timeout)
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
        ready = await self.channel.count_all([*self._others, *self._layout.queues])
        dead = await self._dead.count(self.channel, self.name)
        waiting = ready + len(self.channel.waiting)
        return QueueFacts(name=self.name, waiting=waiting, unacknowledged=len(self._taken), dead=dead)

    async def _begin_own(self) -> None:
        """Go on from the queues of other layouts to the layout's own, once they are empty."""
        if self._taken or (self._others and await self.channel.count_all(self._others)) or self.channel.waiting:
            return
        wishes = priorities(self._process, self._layout.shards) if self._layout.shards > 1 else [None]
        await self.channel.consume_all(dict(zip(self._layout.queues, wishes, strict=True)), self._prefetch)
        self._begun = True

    @property
    def _prefetch(self) -> int:
        return max(PREFETCH // self._layout.shards, OF_A_SHARD)

    def _oldest(self) -> int | None:
        """The oldest tag that is not acknowledged."""
        if self._taken:
            return next(iter(self._taken))
        return tag_of(self.channel.waiting[0]) if self.channel.waiting else None
