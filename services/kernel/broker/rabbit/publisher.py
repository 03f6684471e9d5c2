"""Publishing: many messages in one write, their confirms awaited together."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from pamqp.base import Frame
from pamqp.commands import Basic, Confirm

from services.kernel.broker.protocol import BrokerLost
from services.kernel.broker.rabbit.channel import PATIENCE, Channel
from services.kernel.broker.rabbit.frames import Letter, method_of, posted, tag_of_confirm
from services.kernel.broker.rabbit.link import Link
from services.kernel.broker.rabbit.topology import Route, binding, exchange, queue

if TYPE_CHECKING:
    from services.kernel.broker.rabbit.wire import Wire


class Confirming(Channel):
    """A channel on which RabbitMQ says of each message that all its queues have it; one batch at a time."""

    def __init__(self, wire: "Wire", number: int) -> None:
        super().__init__(wire, number)
        self._oldest, self._last = 1, 0
        """Tags of the batch."""
        self._open: set[int] = set()
        self._done: asyncio.Future[None] | None = None
        self._refused = 0
        self._returned: set[str] = set()

    async def publish(self, letters: Sequence[Letter]) -> None:
        """Return when all are confirmed; BrokerLost when one is not, or comes back because no queue took it."""
        self.check()
        if self._wire.blocked is not None:
            raise BrokerLost(f"RabbitMQ takes nothing: {self._wire.blocked}")
        self._oldest, self._last = self._last + 1, self._last + len(letters)
        self._open = set(range(self._oldest, self._last + 1))
        self._refused, self._returned = 0, set()
        self._done = asyncio.get_running_loop().create_future()
        self._wire.send(posted(letters, self.number, self._wire.frame_max))
        await self.within(PATIENCE, self._done, lambda: len(self._open))
        if self._refused:
            raise BrokerLost(f"RabbitMQ refused {self._refused} of {len(letters)} messages: a queue is full or away")
        if self._returned:
            raise BrokerLost(f"no queue takes {', '.join(sorted(self._returned))}")

    @property
    def misrouted(self) -> bool:
        """Whether something came back for which there should be a queue."""
        return bool(self._returned)

    def confirms(self, index: int, payload: bytes) -> bool:
        if index in (Basic.Ack.index, Basic.Nack.index):
            self._confirm(*tag_of_confirm(payload), refused=index == Basic.Nack.index)
        elif index == Basic.Return.index:
            self._returned.add(str(method_of(payload)["routing_key"]))
        else:
            return False
        return True

    def end(self, why: str) -> None:
        super().end(why)
        if self._done is not None and not self._done.done():
            self._done.set_exception(BrokerLost(why))
            self._done.exception()  # nobody may be waiting any more

    def _confirm(self, tag: int, multiple: bool, *, refused: bool) -> None:
        before = len(self._open)
        self._open.difference_update(range(self._oldest if multiple else tag, tag + 1))
        if multiple:
            self._oldest = tag + 1
        if refused:
            self._refused += before - len(self._open)
        if not self._open and self._done is not None and not self._done.done():
            self._done.set_result(None)


class Publisher:
    """The process's one way out. What it sends finds the queues that the topology knows, whoever starts first."""

    def __init__(self, link: Link) -> None:
        self.expected: Mapping[Route, Sequence[str]] = {}
        """Durable queues that must not miss an event, by event."""
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
        channel = await (await self._link.wire()).channel(Confirming)
        try:
            await channel.call_all([Confirm.Select(), *self._expected()])
        except BaseException:
            channel.abandon("it was never ready")
            raise
        self._channel, self._exchanges = channel, {producer for producer, _ in self.expected}
        return channel

    def _expected(self) -> list[Frame]:
        wanted: dict[str, list[Route]] = {}
        for route, queues in self.expected.items():
            for name in queues:
                wanted.setdefault(name, []).append(route)
        return [method for name, events in wanted.items() for method in (*queue(name), *binding(name, events))]
