"""Publishing: many messages on their way at once, their confirms awaited together."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from aiormq.exceptions import DeliveryError, PublishError
from pamqp.base import Frame
from pamqp.commands import Basic
from pamqp.common import FieldTable

from services.kernel.broker.protocol import BrokerLost
from services.kernel.broker.rabbit.channel import Channel
from services.kernel.broker.rabbit.layout import Layout
from services.kernel.broker.rabbit.link import Link
from services.kernel.broker.rabbit.topology import Route, exchange


class Letter(NamedTuple):
    """A message on its way to an exchange; ``mandatory``: it must come back when no queue takes it."""

    exchange: str
    key: str
    body: bytes
    mandatory: bool = False
    headers: FieldTable | None = None


class Confirming(Channel):
    """A channel on which RabbitMQ says of each message that all its queues have it."""

    confirms = True
    at_a_time = 10
    """Few: for each confirm that is for several messages aiormq looks at all that it has not let go of yet."""
    misrouted = False
    """Whether something came back for which there should be a queue."""

    async def publish(self, letters: Sequence[Letter]) -> None:
        """Return when all are confirmed; BrokerLost when one is not, or comes back because no queue took it."""
        self.check()
        await self.wire.check_room()
        refused = 0
        returned: set[str] = set()
        for task in await self.wire.ask_all([self._post(letter) for letter in letters]):
            error = None if task.cancelled() else task.exception()
            if isinstance(error, PublishError):
                returned.add(str(error.message and error.message.routing_key))
            elif isinstance(error, DeliveryError):
                refused += 1
            else:
                self.wire.answer(task)
        self.misrouted = bool(returned)
        if refused:
            raise BrokerLost(f"RabbitMQ refused {refused} of {len(letters)} messages: a queue is full or away")
        if returned:
            raise BrokerLost(f"no queue takes {', '.join(sorted(returned))}")

    async def _post(self, letter: Letter) -> None:
        await self.methods.basic_publish(
            letter.body,
            exchange=letter.exchange,
            routing_key=letter.key,
            properties=Basic.Properties(content_type="application/json", delivery_mode=2, headers=letter.headers),
            mandatory=letter.mandatory,
            wait=False,
        )


class Publisher:
    """The process's one way out. What it sends finds the queues that the topology knows, whoever starts first."""

    def __init__(self, link: Link) -> None:
        self.expected: Mapping[Route, Sequence[str]] = {}
        """Consumers with durable queues that must not miss an event, by event."""
        self.shards: Mapping[str, int] = {}
        """How many they have, where it is more than one."""
        self._link = link
        self._one_batch = asyncio.Lock()
        self._channel: Confirming | None = None
        self._exchanges: set[str] = set()

    async def publish(self, letters: Sequence[Letter], producers: Collection[str] = ()) -> None:
        """In this order, after all that was published before; the producers' exchanges are there then."""
        if not letters:
            return
        async with self._one_batch:
            channel = await self._open()
            if new := set(producers) - self._exchanges:
                await channel.call_all([exchange(producer) for producer in sorted(new)])
                self._exchanges |= new
            await channel.publish(letters)

    async def _open(self) -> Confirming:
        """The channel: a new one, with all that is expected declared, where the last one failed."""
        channel = self._channel
        if channel is not None and channel.ended is None and not channel.misrouted:
            return channel
        if channel is not None:
            channel.abandon("something was not routed")
        channel = await Confirming.open(await self._link.wire())
        try:
            await channel.call_all(self._expected())
        except BaseException:
            channel.abandon("it was never ready")
            raise
        self._channel, self._exchanges = channel, {producer for producer, _ in self.expected}
        return channel

    def _expected(self) -> list[Frame]:
        wanted: dict[str, set[Route]] = {}
        for route, queues in self.expected.items():
            for name in queues:
                wanted.setdefault(name, set()).add(route)
        layouts = [Layout(name, frozenset(events), self.shards.get(name, 1)) for name, events in wanted.items()]
        return [method for layout in layouts for method in layout.declaring()]
