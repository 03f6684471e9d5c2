"""A cable between a client and a server that a test can cut, or hold so that nothing passes and nobody is told."""

import asyncio
from typing import cast
from urllib.parse import urlsplit, urlunsplit


class End(asyncio.Protocol):
    """One end of one connection; what it hears goes out at the other."""

    def __init__(self, cable: "Cable", other: "End | None" = None) -> None:
        self._cable = cable
        self.other = other
        self.transport: asyncio.Transport | None = None
        self.kept: list[bytes] = []
        self.lost = False
        """Whether this end is no more, which the other is told after all that has come here."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._cable.ends.add(self)
        if self.other is None:
            self._cable.answer(self)

    def data_received(self, data: bytes) -> None:
        self.kept.append(data)
        self.pass_on()

    def pass_on(self) -> None:
        other = self.other
        if self._cable.held or other is None or other.transport is None:
            return
        for data in self.kept:
            other.transport.write(data)
        self.kept.clear()
        if self.lost:
            self._cable.ends.discard(self)
            other.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        self.pass_on()


class Cable:
    """Listens on a port of its own for what then goes to the server."""

    def __init__(self, url: str) -> None:
        self._far = urlsplit(url)
        self._host, self._port = self._far.hostname or "", self._far.port or 0
        self.ends: set[End] = set()
        self.held = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def lay(self, port: int = 0) -> str:
        """The URL at this end."""
        self._server = await asyncio.get_running_loop().create_server(lambda: End(self), "127.0.0.1", port)
        port = self._server.sockets[0].getsockname()[1]
        user = self._far.netloc.rpartition("@")[0]
        return urlunsplit(self._far._replace(netloc=f"{user}@127.0.0.1:{port}"))

    def answer(self, near: End) -> None:
        """Connect a client that has come to the server."""
        task = asyncio.get_running_loop().create_task(self._connect(near))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def cut(self) -> None:
        """End all that goes over it now; a client that comes after this is let through."""
        for end in list(self.ends):
            if end.transport is not None:
                end.transport.abort()

    def hold(self) -> None:
        """Let nothing pass."""
        self.held = True

    def release(self) -> None:
        """Let all pass, first of all what was held."""
        self.held = False
        for end in list(self.ends):
            end.pass_on()

    async def remove(self) -> None:
        if self._server is not None:
            self._server.close()
        self.cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)

    async def _connect(self, near: End) -> None:
        loop = asyncio.get_running_loop()
        _, near.other = await loop.create_connection(lambda: End(self, near), self._host, self._port)
        near.pass_on()
