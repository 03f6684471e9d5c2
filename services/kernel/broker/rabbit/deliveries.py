"""What a channel's consumer has been handed and nobody has taken yet."""

from collections import deque
from collections.abc import Collection, Mapping

import msgspec
from aiormq import Channel as Methods
from aiormq.abc import DeliveredMessage

from services.contracts.envelope import DECODER, Envelope
from services.kernel.broker.rabbit.channel import Channel
from services.kernel.broker.rabbit.wire import Wire
from services.kernel.broker.wakeable import Wakeable
from services.runtime import log

Message = DeliveredMessage


class Deliveries(Channel, Wakeable):
    """A channel with a consumer of one queue or of several."""

    def __init__(self, wire: Wire, methods: Methods) -> None:
        self.waiting: deque[Message] = deque()
        Wakeable.__init__(self)
        Channel.__init__(self, wire, methods)

    async def consume(self, queue: str, prefetch: int = 0) -> None:
        """Have a queue's messages sent, so many before any is acknowledged; 0: all, for good."""
        await self.consume_all({queue: None}, prefetch)

    async def consume_all(self, queues: Mapping[str, int | None], prefetch: int) -> None:
        """Have those of several sent, so many of each: by their names, with the priority of this consumer among others
        where there is one."""
        if prefetch:
            await self.ask(self.methods.basic_qos(prefetch_count=prefetch))
        asked = [
            self.methods.basic_consume(
                queue,
                self._delivered,
                no_ack=not prefetch,
                consumer_tag=queue,
                arguments=None if priority is None else {"x-priority": priority},
            )
            for queue, priority in queues.items()
        ]
        for task in await self.wire.ask_all(asked):
            self.wire.answer(task)

    async def cancel(self, queue: str) -> None:
        """Have no more sent."""
        await self.ask(self.methods.basic_cancel(queue))

    async def wait(self, timeout: float | None = None) -> bool:
        """Whether something waits, before the timeout; BrokerLost when nothing will come any more."""
        while not self.waiting:
            self.check()
            if not await self._sleep(timeout):
                return False
        self.check()
        return True

    async def acknowledge(self, tags: Collection[int], *, all_before: int = 0) -> None:
        """These messages are done with, and all that came before one."""
        self.check()
        acks = [self.methods.basic_ack(tag, wait=False) for tag in tags]
        if all_before:
            acks.insert(0, self.methods.basic_ack(all_before, multiple=True, wait=False))
        for task in await self.wire.ask_all(acks):
            self.wire.answer(task)

    async def reject(self, tag: int) -> None:
        """This message is for nobody: to the dead letters."""
        await self.ask(self.methods.basic_reject(tag, requeue=False, wait=False))

    async def give_back(self, tag: int) -> None:
        """This message and all that came before it go back into the queue."""
        await self.ask(self.methods.basic_nack(tag, multiple=True, requeue=True, wait=False))

    def receive(self, message: Message) -> None:
        """A message has come whole."""
        self.waiting.append(message)
        self._wake()

    def end(self, why: str) -> None:
        super().end(why)
        self._wake()

    async def _delivered(self, message: Message) -> None:
        if self.ended is None:
            self.receive(message)


def tag_of(message: Message) -> int:
    """What it is acknowledged by."""
    return message.delivery_tag or 0


def envelope_in(message: Message) -> Envelope | None:
    """The envelope in a message; none when somebody else has put it there."""
    try:
        return DECODER.decode(message.body)
    except msgspec.DecodeError as error:
        log.of_process().error("a message is no event", error=str(error), begins=repr(message.body[:80]))
        return None
