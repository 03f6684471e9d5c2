"""Taking from queues that hand out what they have in portions of their own."""

import asyncio
from collections.abc import Collection, Sequence

from services.contracts.envelope import Envelope
from services.kernel.broker import Delivery, LiveQueue, Queue

SILENCE = 0.2
"""Seconds in which what is on its way would have come."""


async def taken(queue: Queue, count: int) -> list[Delivery]:
    """The next so many, whichever portions they come in."""
    deliveries: list[Delivery] = []
    async with asyncio.timeout(10):
        while len(deliveries) < count:
            deliveries.extend(await queue.take(count - len(deliveries)))
    return deliveries


async def heard(queue: LiveQueue, count: int, within: float = 10) -> list[Envelope]:
    """The next so many events, none of them lost."""
    envelopes: list[Envelope] = []
    async with asyncio.timeout(within):
        while len(envelopes) < count:
            some = await queue.take(count - len(envelopes))
            assert some is not None
            envelopes.extend(some)
    return envelopes


def seqs(deliveries: Sequence[Delivery]) -> list[int]:
    return [delivery.envelope.seq for delivery in deliveries]


def tags(deliveries: Collection[Delivery]) -> list[int]:
    return [delivery.tag for delivery in deliveries]
