"""A client of the WebSocket that keeps what it hears."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.integration.bff.stack import Stack

API = "/api/v1"
Message = dict[str, Any]


class Client:
    """Messages in the order of their coming; `until` reads on until one fits."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.heard: list[Message] = []
        self.frames = 0

    async def send(self, content: object) -> None:
        await self.socket.send(json.dumps(content))

    async def subscribe(self, *channels: str) -> None:
        await self.send({"op": "subscribe", "channels": channels})

    async def read(self) -> list[Message]:
        """The next frame."""
        async with asyncio.timeout(5):
            messages: list[Message] = json.loads(await self.socket.recv())
        self.heard += messages
        self.frames += 1
        return messages

    async def until(self, fits: Callable[[Message], object]) -> Message:
        """The first message that fits, heard already or not yet; what is before it is forgotten."""
        while True:
            while self.heard:
                message = self.heard.pop(0)
                if fits(message):
                    return message
            await self.read()

    async def of(self, channel: str, kind: str | None = None) -> Message:
        """The next message of a channel, or of one kind of it."""
        return await self.until(lambda each: each.get("channel") == channel and kind in (None, each["type"]))

    async def closed(self) -> int:
        """The code that the connection ends with."""
        with suppress(ConnectionClosed):
            while True:
                await self.read()
        assert self.socket.close_code is not None
        return self.socket.close_code


@asynccontextmanager
async def open_socket(stack: Stack, door: str = "bff", **options: Any) -> AsyncIterator[Client]:
    """A connection that has said nothing yet."""
    url = stack.url(door).replace("http", "ws", 1) + f"{API}/ws"
    async with connect(url, proxy=None, compression=None, **options) as socket:
        yield Client(socket)


@asynccontextmanager
async def entered(stack: Stack, tokens: Mapping[str, str], **options: Any) -> AsyncIterator[Client]:
    """A connection that has shown its token."""
    async with open_socket(stack, **options) as client:
        await client.send({"token": tokens["access_token"]})
        await client.until(lambda message: message["type"] == "authenticated")
        yield client


class Book:
    """A book as a client keeps it: snapshot, then deltas that follow without a hole."""

    def __init__(self) -> None:
        self.sides: dict[str, dict[str, str]] = {"bids": {}, "asks": {}}
        self.seq = -1

    def take(self, message: Message) -> None:
        if message["type"] == "snapshot":
            self.sides = {"bids": {}, "asks": {}}
        else:
            assert message["prev_seq"] == self.seq, (message["prev_seq"], self.seq)
        self.seq = message["seq"]
        for side, levels in self.sides.items():
            for price, quantity in message["data"][side]:
                levels[price] = quantity
                if not float(quantity):
                    del levels[price]
