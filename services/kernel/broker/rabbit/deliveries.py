"""What a channel's consumer has been handed and nobody has taken yet."""

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from pamqp.commands import Basic

from services.contracts.envelope import DECODER, Envelope
from services.kernel.broker.rabbit.channel import Channel
from services.kernel.broker.wakeable import Wakeable
from services.runtime import log

if TYPE_CHECKING:
    from services.kernel.broker.rabbit.wire import Wire


CONSUMER = "it"
"""Its name in a channel that has no other."""


class Message(NamedTuple):
    """As it came; ``header`` holds its properties."""

    tag: int
    header: bytes
    body: bytes


class Deliveries(Channel, Wakeable):
    """A channel with one consumer."""

    def __init__(self, wire: "Wire", number: int) -> None:
        Channel.__init__(self, wire, number)
        Wakeable.__init__(self)
        self.waiting: deque[Message] = deque()

    async def consume(self, queue: str, prefetch: int = 0) -> None:
        """Have a queue's messages sent, so many before any is acknowledged; 0: all, for good."""
        if prefetch:
            await self.call(Basic.Qos(prefetch_count=prefetch))
        await self.call(Basic.Consume(queue=queue, consumer_tag=CONSUMER, no_ack=not prefetch))

    async def cancel(self) -> None:
        """Have no more sent."""
        await self.call(Basic.Cancel(consumer_tag=CONSUMER))

    async def wait(self, timeout: float | None = None) -> bool:
        """Whether something waits, before the timeout; BrokerLost when nothing will come any more."""
        while not self.waiting:
            self.check()
            if not await self._sleep(timeout):
                return False
        self.check()
        return True

    def acknowledge(self, tag: int, *, multiple: bool = False) -> None:
        """This message is done with, or all that came before it too."""
        self.send(Basic.Ack(tag, multiple))

    def delivered(self, tag: int, header: bytes, body: bytes) -> None:
        self.waiting.append(Message(tag, header, body))
        self._wake()

    def end(self, why: str) -> None:
        super().end(why)
        self._wake()


def envelope_in(message: Message) -> Envelope | None:
    """The envelope in a message; none when somebody else has put it there."""
    try:
        return DECODER.decode(message.body)
    except msgspec.DecodeError as error:
        log.logger("broker").error("a message is no event", error=str(error), begins=repr(message.body[:80]))
        return None
