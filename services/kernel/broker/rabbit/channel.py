"""A channel of a connection: methods and their answers, in the order in which they were sent."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar, cast

from pamqp.base import Frame
from pamqp.commands import Basic, Queue
from pamqp.commands import Channel as Methods
from pamqp.frame import marshal

from services.kernel.broker.protocol import BrokerLost
from services.kernel.broker.rabbit.frames import HEADER, METHOD, index_of, method_of, size_of, tag_of_delivery

if TYPE_CHECKING:
    from services.kernel.broker.rabbit.wire import Wire

T = TypeVar("T")
PATIENCE = 5.0
"""Seconds that an answer may take."""
LATE = 0.1
"""Seconds that a loop may be late before what it should have read is waited for once more."""
GOODBYE = Methods.Close(200, "", 0, 0)


class Channel:
    """Ends once and never comes back: with its connection, or when RabbitMQ refuses something on it."""

    def __init__(self, wire: "Wire", number: int) -> None:
        self.number = number
        self.ended: str | None = None
        """Why, once it is over."""
        self._wire = wire
        self._calls: deque[asyncio.Future[Frame]] = deque()
        self._tag = 0
        self._header = b""
        self._pieces: list[bytes] = []
        self._missing = 0

    def check(self) -> None:
        """BrokerLost when the channel is over."""
        if self.ended is not None:
            raise BrokerLost(self.ended)

    async def call(self, method: Frame) -> Frame:
        """The answer to a method; BrokerLost when it is a refusal, or does not come."""
        return (await self.call_all([method]))[0]

    async def call_all(self, methods: Sequence[Frame]) -> list[Frame]:
        """The answers to methods that are sent all at once."""
        self.check()
        calls = [self.expect() for _ in methods]
        self._wire.send(b"".join(marshal(method, self.number) for method in methods))
        return [await self.within(PATIENCE, call) for call in calls]

    def expect(self) -> "asyncio.Future[Frame]":
        """What is answered after all that was asked before."""
        call: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._calls.append(call)
        return call

    async def count(self, queue: str) -> int:
        """How many messages of a queue are in nobody's hands."""
        answer = await self.call(Queue.Declare(queue=queue, passive=True))
        return cast("int", answer["message_count"])

    async def close(self) -> None:
        """Let go of it, and of all that it was handed."""
        if self.ended is None:
            await self.call(GOODBYE)
            self._wire.forget(self)
            self.end("the channel is closed")

    def abandon(self, why: str) -> None:
        """Let go of it without waiting until RabbitMQ has."""
        if self.ended is None:
            self.send(GOODBYE)
            self.end(why)

    def end(self, why: str) -> None:
        """It is over, and so is all that is waited for on it."""
        if self.ended is not None:
            return
        self.ended = why
        while self._calls:
            call = self._calls.popleft()
            if not call.done():
                call.set_exception(BrokerLost(why))
                call.exception()  # nobody may be waiting any more

    def send(self, method: Frame) -> None:
        """Send a method that has no answer, or none that matters."""
        self._wire.send(marshal(method, self.number))

    async def within(
        self, seconds: float, awaited: "asyncio.Future[T]", progress: Callable[[], object] = lambda: None
    ) -> T:
        """What comes; the connection is given up when for so many seconds there was not even progress."""
        loop = asyncio.get_running_loop()
        while not awaited.done():
            before, due = progress(), loop.time() + seconds
            await asyncio.wait({awaited}, timeout=seconds)
            if loop.time() - due > LATE:
                await asyncio.wait({awaited}, timeout=LATE)
            if not awaited.done() and progress() == before:
                self._wire.end(f"RabbitMQ gave no answer within {seconds:g} s")
        return await awaited

    def take(self, kind: int, payload: bytes) -> None:
        """One frame of this channel; ValueError when it makes no sense."""
        if kind == METHOD:
            index = index_of(payload)
            if index == Basic.Deliver.index:
                self._tag = tag_of_delivery(payload)
            elif not self.confirms(index, payload):
                self._answered(method_of(payload))
        elif kind == HEADER:
            self._header, self._pieces, self._missing = payload, [], size_of(payload)
            if not self._missing:
                self._whole()
        else:
            self._pieces.append(payload)
            self._missing -= len(payload)
            if self._missing <= 0:
                self._whole()

    def confirms(self, index: int, payload: bytes) -> bool:  # noqa: ARG002 (of a publisher's channel)
        """Whether this is a word about what was published."""
        return False

    def delivered(self, tag: int, header: bytes, body: bytes) -> None:
        """A message has come whole."""

    def _whole(self) -> None:
        body = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        if self._tag:
            tag, self._tag = self._tag, 0
            if self.ended is None:
                self.delivered(tag, self._header, body)

    def _answered(self, method: Frame) -> None:
        if isinstance(method, Methods.Close):
            self.send(Methods.CloseOk())
            self._wire.forget(self)
            self.end(f"RabbitMQ: {method.reply_code} {method.reply_text}")
        elif isinstance(method, Methods.CloseOk) and self.ended is not None:
            self._wire.forget(self)
        elif isinstance(method, Basic.Cancel):
            self.abandon("RabbitMQ: the queue is gone")
        elif self._calls:
            call = self._calls.popleft()
            if not call.done():
                call.set_result(method)
        elif self.ended is None:
            raise ValueError(f"nobody asked for {method.name}")
