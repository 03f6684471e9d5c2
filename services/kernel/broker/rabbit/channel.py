"""A channel of a connection: methods and their answers, in the order in which they were sent."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self, TypeVar, cast

from aiormq import Channel as Methods
from aiormq.exceptions import ChannelNotFoundEntity
from pamqp.base import Frame
from pamqp.commands import Basic

from services.kernel.broker.protocol import BrokerLost
from services.kernel.broker.rabbit.wire import CLOSED, LOST, Wire, said

T = TypeVar("T")
ANSWERED = 16
"""Each so many methods of a row at the least."""


class Channel:
    """Ends once and never comes back: with its connection, or when RabbitMQ refuses something on it."""

    confirms = False
    """Whether RabbitMQ says of each message that is published here that it has it."""
    at_a_time = 0
    """Frames that are read before they are looked at; 0: as many as have come."""

    def __init__(self, wire: Wire, methods: Methods) -> None:
        self.ended: str | None = None
        """Why, once it is over."""
        self.methods = methods
        self.wire = wire
        methods.on_consumer_cancel_callbacks.add(self._cancelled)
        methods.closing.add_done_callback(self._closed)

    @classmethod
    async def open(cls, wire: Wire) -> Self:
        """A new one; BrokerLost when it cannot be had."""
        opening = wire.amqp.channel(publisher_confirms=cls.confirms, frame_buffer_size=cls.at_a_time)
        return cls(wire, cast("Methods", await wire.ask(opening)))

    def check(self) -> None:
        """BrokerLost when the channel is over."""
        if self.ended is not None:
            raise BrokerLost(self.ended)
        self.wire.check()

    async def ask(self, asked: Coroutine[Any, Any, T]) -> T:
        """The answer; BrokerLost when it is a refusal, or does not come."""
        return await self.wire.ask(asked)

    async def call_all(self, methods: Sequence[Frame]) -> None:
        """Send methods one after the other; most that can do without an answer do, and not the last.

        Some are answered all the same, so that a long row on a slow server is not taken for a silence.
        """
        for number, method in enumerate(methods[:-1], 1):
            if hasattr(method, "nowait"):
                method.nowait = bool(number % ANSWERED)
        for task in await self.wire.ask_all([self.methods.rpc(method) for method in methods]):
            self.wire.answer(task)

    async def count(self, queue: str) -> int:
        """How many messages of a queue are in nobody's hands."""
        return (await self.ask(self.methods.queue_declare(queue, passive=True))).message_count or 0

    async def count_all(self, queues: Sequence[str]) -> int:
        """How many of several are."""
        asked = [self.methods.queue_declare(queue, passive=True) for queue in queues]
        return sum([self.wire.answer(task).message_count or 0 for task in await self.wire.ask_all(asked)])

    async def close(self) -> None:
        """Let go of it, and of all that it was handed."""
        if self.ended is None:
            await self.ask(self.methods.close())
            self.end("the channel is closed")

    def abandon(self, why: str) -> None:
        """Let go of it without waiting until RabbitMQ has."""
        if self.ended is None:
            self.end(why)
            self.wire.leave(self.methods.close())

    def end(self, why: str) -> None:
        """It is over."""
        if self.ended is None:
            self.ended = why

    def _cancelled(self, _: Basic.Cancel) -> None:
        self.abandon("RabbitMQ: the queue is gone")

    def _closed(self, closing: "asyncio.Future[Any]") -> None:
        error = None if closing.cancelled() else closing.exception()
        self.end(self.wire.ended or (said(error) if isinstance(error, LOST) else CLOSED))


async def is_there(wire: Wire, queue: str) -> bool:
    """Whether there is such a queue, asked on a channel of its own: RabbitMQ closes that when there is none."""
    channel = await Channel.open(wire)
    try:
        await channel.count(queue)
    except BrokerLost as error:
        if isinstance(error.__cause__, ChannelNotFoundEntity):
            return False
        raise
    finally:
        channel.abandon("it has answered")
    return True


@asynccontextmanager
async def passing(wire: Wire) -> AsyncIterator[Channel]:
    """A channel for a few questions."""
    channel = await Channel.open(wire)
    try:
        yield channel
        await channel.close()
    finally:
        channel.abandon("nobody waits for the answer")
