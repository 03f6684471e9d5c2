"""Dead letters: a queue beside each queue, read by taking all and giving them back."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from hashlib import blake2b
from typing import Any

from pamqp.common import FieldTable

from services.contracts.envelope import Envelope
from services.kernel.broker.protocol import DeadLetter
from services.kernel.broker.rabbit.channel import Channel
from services.kernel.broker.rabbit.deliveries import Deliveries, Message, envelope_in, tag_of
from services.kernel.broker.rabbit.link import Link
from services.kernel.broker.rabbit.publisher import Letter, Publisher
from services.kernel.broker.rabbit.topology import DEAD_LETTERS, dead_of

REASON, TIME = "reason", "time"
"""Headers of a dead letter; one that RabbitMQ has made has its own instead."""
LONGEST_REASON = 1_000
"""Characters."""
PEEK = 1.0
"""Seconds without a further dead letter after which another process is thought to hold the rest."""
MOST = 65_535
"""Messages that a consumer can hold, by the protocol."""
EXACT = 53
"""Bits of an id: what every reader of JSON keeps exactly."""


class DeadLetters:
    """Those of all queues; one reader at a time in this process, because who reads holds what it reads."""

    def __init__(self, link: Link, publisher: Publisher) -> None:
        self._link = link
        self._publisher = publisher
        self._reading = asyncio.Lock()

    async def add(self, queue: str, body: bytes, reason: str) -> None:
        """Lay down an event of a queue; durable on return."""
        headers: FieldTable = {REASON: reason[:LONGEST_REASON], TIME: time.time_ns() // 1_000}
        await self._publisher.publish([Letter(DEAD_LETTERS, queue, body, True, headers)])

    async def count(self, channel: Channel, queue: str) -> int:
        """How many there are, those in a reader's hands too; asked on somebody's channel."""
        async with self._reading:
            return await channel.count(dead_of(queue))

    async def read(self, queue: str, most: int) -> list[DeadLetter]:
        """The oldest ones."""
        async with self._held(queue) as (_, messages):
            found = [letter_of(queue, message, it) for message in messages if (it := envelope_in(message))]
        return sorted(found, key=lambda letter: letter.time)[:most]

    async def replay(self, queue: str, ids: Collection[int], way: Callable[[Envelope], tuple[str, str]]) -> int:
        """Move dead letters to the end of their queue, by the exchange and the key that lead there: there first, then
        away from here."""
        async with self._held(queue) as (channel, messages):
            read = [(message, it) for message in messages if (it := envelope_in(message))]
            chosen = [(message, it) for message, it in read if id_of(queue, it) in ids]
            await self._publisher.publish([Letter(*way(it), message.body, mandatory=True) for message, it in chosen])
            await channel.acknowledge([tag_of(message) for message, _ in chosen])
            for message, _ in chosen:
                messages.remove(message)
            return len(chosen)

    @asynccontextmanager
    async def _held(self, queue: str) -> AsyncIterator[tuple[Deliveries, list[Message]]]:
        """All of a queue's in this process's hands; those left in the list are given back.

        All, because what is given back comes to lie behind what was not taken.
        """
        async with self._reading:
            channel = await Deliveries.open(await self._link.wire())
            try:
                messages = await taken(channel, dead_of(queue))
                yield channel, messages
                await given_back(channel, dead_of(queue), messages)
                await channel.close()
            finally:
                channel.abandon("dead letters were read")


async def taken(channel: Deliveries, dead: str) -> list[Message]:
    """What lies in a queue of dead letters."""
    count = min(await channel.count(dead), MOST)
    messages: list[Message] = []
    if count:
        await channel.consume(dead, count)
        while len(messages) < count and await channel.wait(PEEK):
            messages.extend(channel.waiting)
            channel.waiting.clear()
    return messages


async def given_back(channel: Deliveries, dead: str, messages: Sequence[Message]) -> None:
    """Return when they lie in the queue again, so that the next reader and who counts find them."""
    if not messages:
        return
    await channel.cancel(dead)
    others = await channel.count(dead)
    await channel.give_back(tag_of(messages[-1]))
    with suppress(TimeoutError):  # when another process takes some of them
        async with asyncio.timeout(PEEK):
            while await channel.count(dead) < others + len(messages):
                pass


def letter_of(queue: str, message: Message, envelope: Envelope) -> DeadLetter:
    reason, moment = why_and_when(message.header.properties.headers or {})
    return DeadLetter(id=id_of(queue, envelope), queue=queue, envelope=envelope, reason=reason, time=moment)


def why_and_when(headers: dict[str, Any]) -> tuple[str, int]:
    """Our own words, or RabbitMQ's where it was the one that gave up."""
    if REASON in headers:
        return headers[REASON], headers[TIME]
    (death, *_) = headers.get("x-death") or [{}]
    moment = death.get("time")
    return f"RabbitMQ: {death.get('reason')}", int(moment.timestamp() * 1e6) if isinstance(moment, datetime) else 0


def id_of(queue: str, envelope: Envelope) -> int:
    """The same whoever reads, however often: it follows from the event."""
    digest = blake2b(f"{queue}\0{envelope.id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> (64 - EXACT)
