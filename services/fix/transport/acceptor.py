"""The side that listens: the first Logon says which session a connection is for."""

import asyncio
import logging
import socket
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from services.fix import tags
from services.fix.codec import MAX_BODY_LENGTH, Framer, GarbledMessageError, decode
from services.fix.session.settings import SECOND
from services.fix.transport.endpoint import Endpoint, close, next_chunk

log = logging.getLogger(__name__)


class Acceptor:
    """Listens while the context lasts; one connection a session, any other is closed without a word."""

    def __init__(
        self,
        endpoints: Iterable[Endpoint],
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        listener: socket.socket | None = None,
        admits: Callable[[], bool] = lambda: True,
    ) -> None:
        """On a socket that is bound already, or on host and port; connections are closed while it ``admits`` none."""
        self.port = port
        """The port listened on, known once the context is entered."""
        self._endpoints = {
            (endpoint.settings.target_comp_id.encode(), endpoint.settings.sender_comp_id.encode()): endpoint
            for endpoint in endpoints
        }
        self._timeout = max(endpoint.settings.logon_timeout for endpoint in self._endpoints.values()) / SECOND
        self._host = host
        self._admits = admits
        self._listener = listener
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        if self._listener is not None:
            self._server = await asyncio.start_server(self._accept, sock=self._listener)
        else:
            self._server = await asyncio.start_server(self._accept, self._host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        await asyncio.gather(*(endpoint.leave() for endpoint in self._endpoints.values()))
        for connection in self._connections:
            connection.cancel()
        if self._connections:
            await asyncio.wait(self._connections)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._admits():
            writer.transport.abort()
            return
        task = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            first, endpoint = await self._identify(reader)
            if endpoint is None or endpoint.attached:
                log.warning("FIX connection refused: %s", "its session is taken" if endpoint else "no session of ours")
                await close(writer)
            else:
                await endpoint.attach(reader, writer, first)
        except Exception:
            log.exception("FIX connection broke")
            await close(writer)

    async def _identify(self, reader: asyncio.StreamReader) -> tuple[bytes, Endpoint | None]:
        """What was read, and the session that its first message names."""
        framer, read, frames = Framer(), b"", list[bytes]()
        try:
            async with asyncio.timeout(self._timeout):
                while not frames:
                    chunk = await next_chunk(reader)
                    if not chunk or len(read) > MAX_BODY_LENGTH:
                        return read, None
                    read += chunk
                    frames = framer.feed(chunk)
            message = decode(frames[0])
        except (TimeoutError, GarbledMessageError):
            return read, None
        names = message.get(tags.SenderCompID) or b"", message.get(tags.TargetCompID) or b""
        return read, self._endpoints.get(names)
