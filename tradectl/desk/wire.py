"""The one place that touches the network: requests and the WebSocket, by aiohttp."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import NamedTuple, Protocol

import aiohttp

from tradectl.desk.failures import Failed, Unreachable

TIMEOUT = 10.0
"""Seconds for a request and for the WebSocket's handshake."""
SILENCE = 35.0
"""Seconds without a message, that is two missing heartbeats, after which a connection is gone."""


class Answer(NamedTuple):
    """A response."""

    status: int
    body: bytes


class Closed(Failed):
    """The WebSocket has ended, with the platform's code or 0."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Socket(Protocol):
    """An open WebSocket."""

    async def send(self, text: str) -> None: ...

    async def receive(self) -> str:
        """The next frame; Closed when there is none any more."""
        ...


class Wire(Protocol):
    """What a client and a link need of the network; tests have one of their own."""

    async def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """Unreachable where nobody answers."""
        ...

    def socket(self, url: str) -> AbstractAsyncContextManager[Socket]:
        """Closed where it is not opened."""
        ...

    async def close(self) -> None: ...


class AiohttpSocket:
    """A WebSocket of aiohttp's."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def send(self, text: str) -> None:
        try:
            await self._socket.send_str(text)
        except (aiohttp.ClientError, ConnectionError) as error:
            raise Closed(0, str(error)) from error

    async def receive(self) -> str:
        try:
            message = await self._socket.receive(SILENCE)
        except TimeoutError:
            raise Closed(0, f"nothing was heard for {SILENCE:g} s") from None
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise Closed(self._socket.close_code or 0, str(message.extra or "the connection has ended"))
        text: str = message.data
        return text


class AiohttpWire:
    """Made in a running loop; one pool of connections for all."""

    def __init__(self) -> None:
        timeout = aiohttp.ClientTimeout(total=TIMEOUT)
        self._session = aiohttp.ClientSession(timeout=timeout, headers={"User-Agent": "tradectl tui"})

    async def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        try:
            async with self._session.request(method, url, headers=headers, data=body) as response:
                return Answer(response.status, await response.read())
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unreachable(f"{method} {url}: {error or type(error).__name__}") from error

    @asynccontextmanager
    async def socket(self, url: str) -> AsyncIterator[Socket]:
        try:
            opened = await self._session.ws_connect(url, heartbeat=10.0, max_msg_size=0)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Closed(0, str(error) or type(error).__name__) from error
        async with opened:
            yield AiohttpSocket(opened)

    async def close(self) -> None:
        """Give the connections back."""
        await self._session.close()
