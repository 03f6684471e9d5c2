"""How many messages lie in RabbitMQ's queues, and none afterwards.

By AMQP, because the HTTP API would need a plugin, knows a quorum queue's length only some seconds later, and may not
look into a queue that has one consumer at a time.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from aiormq import Channel, Connection

T = TypeVar("T")
PATIENCE = 5.0
"""Seconds for everything that is asked."""


class UnreachableError(Exception):
    """No RabbitMQ answers, or it does not let us in."""


def count(url: str, queues: Iterable[str]) -> dict[str, int]:
    """The messages in each queue that there is; those in a consumer's hands are not counted."""

    async def ask(connection: "Connection") -> dict[str, int]:
        found = {queue: await _length(connection, queue) for queue in queues}
        return {queue: messages for queue, messages in found.items() if messages is not None}

    return _asked(url, ask)


def purge(url: str, queues: Iterable[str]) -> int:
    """Empty each queue that there is; how many messages went."""

    async def ask(connection: "Connection") -> int:
        channel: Channel = await connection.channel()  # type: ignore[assignment]
        there = [queue for queue in queues if await _length(connection, queue) is not None]
        return sum([(await channel.queue_purge(queue)).message_count or 0 for queue in there])

    return _asked(url, ask)


async def _length(connection: "Connection", queue: str) -> int | None:
    """On a channel of its own: RabbitMQ closes that when there is no such queue."""
    from aiormq.exceptions import ChannelNotFoundEntity

    channel = await connection.channel()
    try:
        return (await channel.queue_declare(queue, passive=True)).message_count or 0
    except ChannelNotFoundEntity:
        return None


def _asked(url: str, ask: "Callable[[Connection], Awaitable[T]]") -> T:
    """The answer to questions on a connection of their own."""
    from aiormq import Connection
    from aiormq.exceptions import AMQPError, InvalidFrameError

    logging.getLogger("aiormq").setLevel(logging.CRITICAL)  # who asked is told

    async def run() -> T:
        async with asyncio.timeout(PATIENCE):
            connection = Connection(url)
            await connection.connect()
            try:
                return await ask(connection)
            finally:
                await connection.close()

    try:
        return asyncio.run(run())
    except InvalidFrameError as error:  # RabbitMQ closes where it should open; aiormq keeps its words to itself
        raise UnreachableError("it refused the virtual host") from error
    except (AMQPError, OSError, RuntimeError, TimeoutError) as error:
        raise UnreachableError(str(error) or f"no answer within {PATIENCE:g} s") from error
