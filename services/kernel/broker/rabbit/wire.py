"""One connection to RabbitMQ: the greeting, the signs of life, and the channels that share it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Self, TypeVar, cast
from urllib.parse import parse_qs, unquote, urlsplit

from pamqp.base import Frame
from pamqp.commands import Channel as Channels
from pamqp.commands import Connection
from pamqp.common import FieldTable

from services.kernel.broker.protocol import BrokerLost
from services.kernel.broker.rabbit.channel import PATIENCE, Channel
from services.kernel.broker.rabbit.frames import GREETING, HEARTBEAT, SIGN_OF_LIFE, Frames
from services.runtime import patience

C = TypeVar("C", bound=Channel)
SILENT = 2
"""Looks in a row at which nothing had come: the other side is gone. Looks, not seconds: a loop of ours that was held
up is no silence of theirs."""
LONGEST = 65_535
"""Seconds between two signs of life: the field has sixteen bits."""
CLOSED = "the connection is closed"
FAREWELL = 1.0
"""Seconds that RabbitMQ may take to say goodbye."""
CAPABILITIES: FieldTable = dict.fromkeys(
    ("authentication_failure_close", "basic.nack", "connection.blocked", "consumer_cancel_notify"), True
)


@dataclass(frozen=True, kw_only=True)
class Address:
    """``amqp://USER:PASSWORD@HOST:PORT/VHOST?heartbeat=SECONDS``."""

    host: str
    port: int
    user: str
    password: str
    vhost: str
    heartbeat: int

    @classmethod
    def of(cls, url: str) -> Self:
        parts = urlsplit(url)
        return cls(
            host=parts.hostname or "127.0.0.1",
            port=parts.port or 5672,
            user=unquote(parts.username or "guest"),
            password=unquote(parts.password or "guest"),
            vhost=unquote(parts.path[1:]) or "/",
            heartbeat=min(int(patience.stretched(int(parse_qs(parts.query).get("heartbeat", ["10"])[0]))), LONGEST),
        )


class Control(Channel):
    """Channel 0: the connection's own methods."""

    def _answered(self, method: Frame) -> None:
        if isinstance(method, Connection.Close):
            self.send(Connection.CloseOk())
            self._wire.end(f"RabbitMQ: {method.reply_code} {method.reply_text}")
        elif isinstance(method, Connection.CloseOk):
            self._wire.end(CLOSED)
        elif isinstance(method, Connection.Blocked):
            self._wire.blocked = method.reason
        elif isinstance(method, Connection.Unblocked):
            self._wire.blocked = None
        else:
            super()._answered(method)


class Wire(asyncio.Protocol):
    """Ends once, by either side or by a silence, and never comes back."""

    def __init__(self) -> None:
        self.ended: str | None = None
        """Why, once it is over."""
        self.blocked: str | None = None
        """Why RabbitMQ takes nothing at the moment: it is short of memory or disk."""
        self.frame_max = 4_096
        self._frames = Frames()
        self._control = Control(self, 0)
        self._channels: dict[int, Channel] = {0: self._control}
        self._transport: asyncio.Transport | None = None
        self._begun = self._control.expect()
        self._gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._next_look: asyncio.TimerHandle | None = None
        self._heard = False
        self._silent = 0

    @classmethod
    async def open(cls, address: Address, name: str) -> Self:
        """A connection that has been greeted; BrokerLost or OSError when there is none to be had."""
        _, wire = await asyncio.get_running_loop().create_connection(cls, address.host, address.port)
        try:
            await wire._greet(address, name)
        except BaseException:
            wire.end("it never began")
            raise
        return wire

    async def channel(self, kind: type[C]) -> C:
        """A new channel."""
        number = next(number for number in count(1) if number not in self._channels)
        channel = kind(self, number)
        self._channels[number] = channel
        try:
            await channel.call(Channels.Open())
        except BaseException:
            channel.abandon("it was never open")
            raise
        return channel

    @asynccontextmanager
    async def passing_channel(self) -> AsyncIterator[Channel]:
        """A channel for a few questions."""
        channel = await self.channel(Channel)
        try:
            yield channel
            await channel.close()
        finally:
            channel.abandon("nobody waits for the answer")

    def forget(self, channel: Channel) -> None:
        """Both sides are done with the channel: its number is free."""
        self._channels.pop(channel.number, None)

    def send(self, data: bytes) -> None:
        """Send frames, unless it is over."""
        if self._transport is not None and self.ended is None:
            self._transport.write(data)

    def end(self, why: str) -> None:
        """Give the connection up, and all that is waited for on it."""
        if self.ended is not None:
            return
        self.ended = why
        if self._next_look is not None:
            self._next_look.cancel()
        if self._transport is not None:
            self._transport.abort()
        for channel in list(self._channels.values()):
            channel.end(why)

    async def close(self) -> None:
        """Say goodbye."""
        if self.ended is None:
            self._control.send(Connection.Close(200, "", 0, 0))
            await asyncio.wait({self._gone}, timeout=FAREWELL)
            self.end(CLOSED)
        await self._gone

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(GREETING)

    def connection_lost(self, exc: Exception | None) -> None:
        self.end(f"RabbitMQ closed the connection: {exc}" if exc else "RabbitMQ closed the connection")
        self._gone.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._heard = True
        channels = self._channels
        try:
            for kind, number, payload in self._frames.feed(data):
                if kind != HEARTBEAT and number in channels:
                    channels[number].take(kind, payload)
        except ValueError as error:
            self.end(f"this is no RabbitMQ: {error}")

    async def _greet(self, address: Address, name: str) -> None:
        control = self._control
        await control.within(PATIENCE, self._begun)
        about: FieldTable = {"product": "tradectl", "connection_name": name, "capabilities": CAPABILITIES}
        secret = f"\0{address.user}\0{address.password}"
        tune = await control.call(Connection.StartOk(about, "PLAIN", secret))
        if not isinstance(tune, Connection.Tune):
            raise BrokerLost(f"this is no RabbitMQ: it answers {tune.name}")
        self.frame_max = tune.frame_max or self.frame_max
        control.send(Connection.TuneOk(tune.channel_max, self.frame_max, address.heartbeat))
        self._look(address.heartbeat / 2)
        await control.call(Connection.Open(address.vhost))

    def _look(self, every: float) -> None:
        """Give a sign of life, and see whether there was one."""
        self._silent = 0 if self._heard else self._silent + 1
        self._heard = False
        if self._silent >= SILENT:
            self.end(f"RabbitMQ gave no sign of life for {SILENT * every:g} s")
        elif every:
            self.send(SIGN_OF_LIFE)
            self._next_look = asyncio.get_running_loop().call_later(every, self._look, every)
