"""One connection to RabbitMQ by aiormq, which ends once: by either side, or by a silence."""

import asyncio
import logging
from collections.abc import Coroutine, Iterable
from typing import Any, Self, TypeVar

import aiormq
from aiormq.connection import TCPTransportFactory
from aiormq.exceptions import (
    AMQPChannelError,
    AMQPError,
    ConnectionClosed,
    InvalidFrameError,
    ProbableAuthenticationError,
)
from pamqp.common import FieldTable
from yarl import URL

from services.kernel.broker.protocol import BrokerLost
from services.runtime import patience

T = TypeVar("T")
PATIENCE = 5.0
"""Seconds that an answer may take."""
LATE = 0.1
"""Seconds that a loop may be late before what it should have read is waited for once more."""
LONGEST = 65_534
"""Seconds between two signs of life: the field has sixteen bits, and aiormq takes the last number for none."""
CLOSED = "the connection is closed"
FAREWELL = 1.0
"""Seconds that RabbitMQ may take to say goodbye."""
LOST = (AMQPError, OSError, RuntimeError, StopAsyncIteration)
"""What aiormq raises when RabbitMQ refuses, or is not there: the last two for what is closed already."""

# What is lost is said once, by who lost it.
logging.getLogger("aiormq").setLevel(logging.CRITICAL)


def address(url: str) -> URL:
    """``amqp://USER:PASSWORD@HOST:PORT/VHOST?heartbeat=SECONDS`` as aiormq takes it."""
    parts = URL(url)
    seconds = int(patience.stretched(int(parts.query.get("heartbeat", "10"))))
    return parts.update_query(heartbeat=min(seconds, LONGEST))


class Socket(TCPTransportFactory):
    """Keeps hold of the connection's socket: aiormq closes none before all is said on it, however long that takes."""

    def __init__(self) -> None:
        self._writer: asyncio.StreamWriter | None = None

    async def create(self, url: URL, **options: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, self._writer = await super().create(url, **options)
        return reader, self._writer

    def abort(self) -> None:
        """End it at once."""
        if self._writer is not None:
            self._writer.transport.abort()


class Connection(aiormq.Connection):
    """Notices a silence early, and lets nobody wait for a place in the line to the socket."""

    HEARTBEAT_GRACE_MULTIPLIER = 1
    """Times ``heartbeat`` and a second without a frame: then the other side is gone."""
    FRAME_BUFFER_SIZE = 0
    """Without a bound: each step of a bounded line costs two changes of task, half of what publishing costs."""


class Wire:
    """What is asked on it is answered, or raises BrokerLost within seconds."""

    def __init__(self, url: URL, name: str) -> None:
        self._socket = Socket()
        about: FieldTable = {"product": "tradectl", "connection_name": name}
        self.amqp = Connection(url, transport_factory=self._socket, client_properties=about)
        self._why: str | None = None

    @classmethod
    async def open(cls, url: URL, name: str) -> Self:
        """A connection that has been greeted; BrokerLost when there is none to be had."""
        wire = cls(url, name)
        try:
            await wire.ask(wire.amqp.connect())
        except BaseException:
            wire.end("it never began")
            raise
        return wire

    @property
    def ended(self) -> str | None:
        """Why it is over, if it is."""
        if self._why is not None or self.amqp.is_opened:
            return self._why
        error = self.amqp.closing.exception() if self.amqp.is_closed else None
        if isinstance(error, LOST):
            return said(error)
        if self.amqp.is_connection_was_stuck:
            return f"RabbitMQ gave no sign of life for {self.amqp.heartbeat_timeout + 1} s"
        return "RabbitMQ closed the connection"

    def check(self) -> None:
        """BrokerLost when it is over."""
        if (why := self.ended) is not None:
            raise BrokerLost(why)

    async def check_room(self) -> None:
        """BrokerLost while RabbitMQ, short of memory or disk, takes nothing."""
        try:
            async with asyncio.timeout(0):
                await self.amqp.ready()
        except TimeoutError:
            raise BrokerLost("RabbitMQ takes nothing: it is short of memory or disk") from None

    async def ask(self, asked: Coroutine[Any, Any, T]) -> T:
        """The answer; BrokerLost when it is a refusal, or does not come."""
        (task,) = await self.ask_all([asked])
        return self.answer(task)

    async def ask_all(self, asked: Iterable[Coroutine[Any, Any, T]]) -> "list[asyncio.Task[T]]":
        """All that is asked, done; the connection is given up when for ``PATIENCE`` there was not even one more answer.

        Tasks of our own, because aiormq cancels who waits when a connection ends, and that is no wish to end us.
        """
        loop = asyncio.get_running_loop()
        tasks = [loop.create_task(each) for each in asked]
        left = set(tasks)
        try:
            while left:
                due = loop.time() + PATIENCE
                done, left = await asyncio.wait(left, timeout=PATIENCE)
                if left and not done and loop.time() - due > LATE:
                    done, left = await asyncio.wait(left, timeout=LATE)
                if left and not done:
                    self.end(f"RabbitMQ gave no answer within {PATIENCE:g} s")
                    self.check()
        finally:
            for task in left:
                task.cancel()
        return tasks

    def answer(self, task: "asyncio.Task[T]") -> T:
        """What came of one of them."""
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if error is None:
            return task.result()
        if isinstance(error, asyncio.CancelledError):
            raise BrokerLost(self.ended or CLOSED)
        if isinstance(error, LOST):
            raise BrokerLost(said(error)) from error
        raise error

    def leave(self, closing: Coroutine[Any, Any, None]) -> None:
        """Have a channel closed that nobody waits for."""
        self.amqp.create_task(closing)

    def end(self, why: str) -> None:
        """Give the connection up, and all that is waited for on it."""
        if self._why is None:
            self._why = why
        self._socket.abort()

    async def close(self) -> None:
        """Say goodbye."""
        leaving = asyncio.get_running_loop().create_task(self.amqp.close(ConnectionClosed(200, CLOSED)))
        await asyncio.wait({leaving}, timeout=FAREWELL)
        self.end(CLOSED)
        await asyncio.wait({leaving}, timeout=FAREWELL)


def said(error: BaseException) -> str:
    """Why, in RabbitMQ's words where it had any."""
    if isinstance(error, InvalidFrameError) and "Connection.Close" in str(error):
        return "RabbitMQ refused the virtual host"  # aiormq keeps its words to itself
    if isinstance(error, ConnectionClosed | AMQPChannelError | ProbableAuthenticationError):
        return f"RabbitMQ: {' '.join(str(word) for word in error.args)}"
    return str(error) or type(error).__name__
