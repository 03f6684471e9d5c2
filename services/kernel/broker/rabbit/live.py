"""A live queue: RabbitMQ drops it with the connection, and then a new one takes its place."""

import asyncio
from collections.abc import Collection, Sequence
from typing import cast

from aiormq import Channel as Methods

from services.contracts.envelope import Envelope
from services.kernel.broker.protocol import LIVE, BrokerLost
from services.kernel.broker.rabbit.deliveries import Deliveries, Message, envelope_in
from services.kernel.broker.rabbit.link import FIRST_PAUSE, Link
from services.kernel.broker.rabbit.topology import Route, binding
from services.kernel.broker.rabbit.wire import Wire


class Listening(Deliveries):
    """Takes all that comes, and loses it when it is too much; RabbitMQ keeps none back, so none is lost there."""

    def __init__(self, wire: Wire, methods: Methods) -> None:
        super().__init__(wire, methods)
        self.lost = False

    async def bind(self, wanted: Collection[Route]) -> None:
        """Have events sent from now on."""
        answer = await self.ask(self.methods.queue_declare(exclusive=True, auto_delete=True))
        name = cast("str", answer.queue)
        await self.call_all(list(binding(name, wanted)))
        await self.consume(name)

    def receive(self, message: Message) -> None:
        if len(self.waiting) >= LIVE:
            self.waiting.clear()
            self.lost = True
        super().receive(message)


class RabbitLiveQueue:
    """Outlives its connection: what it says first on the next one is that it does not know what it has missed."""

    def __init__(self, link: Link, wanted: Collection[Route]) -> None:
        self._link = link
        self._wanted = wanted
        self._channel: Listening | None = None

    async def open(self) -> None:
        """Be sent events from now on; BrokerLost when that cannot be."""
        channel = await Listening.open(await self._link.wire())
        try:
            await channel.bind(self._wanted)
        except BaseException:
            channel.abandon("it was never bound")
            raise
        self._channel = channel

    async def take(self, most: int) -> Sequence[Envelope] | None:
        while True:
            channel = self._channel
            if channel is None:
                await self._open_at_last()
                return None
            try:
                await channel.wait()
            except BrokerLost:
                self._channel = None
                continue
            if channel.lost:
                channel.lost = False
                return None
            waiting = channel.waiting
            taken: list[Message] = [waiting.popleft() for _ in range(min(most, len(waiting)))]
            if envelopes := [envelope for message in taken if (envelope := envelope_in(message))]:
                return envelopes

    async def close(self) -> None:
        if self._channel is not None:
            self._channel.abandon("nobody listens any more")

    async def _open_at_last(self) -> None:
        while True:
            try:
                return await self.open()
            except BrokerLost:
                if self._link.closed:
                    raise
                await asyncio.sleep(FIRST_PAUSE)
