"""Passes connections to ports of this machine on to a container: byte for byte, both ways."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

CHUNK = 64 * 1024
Address = tuple[str, int]
Taking = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Relay:
    """``sockets`` are bound; each leads to the target of the same name."""

    def __init__(self, sockets: Mapping[str, socket.socket], targets: Mapping[str, Address]) -> None:
        self._sockets = sockets
        self._targets = targets

    async def run(self) -> None:
        """For life."""
        servers = [
            await asyncio.start_server(self._taking(self._targets[name]), sock=bound)
            for name, bound in self._sockets.items()
        ]
        await asyncio.gather(*(server.serve_forever() for server in servers))

    def _taking(self, target: Address) -> Taking:
        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                there = await asyncio.open_connection(*target)
            except OSError:
                writer.close()
                return
            await asyncio.gather(passed(reader, there[1]), passed(there[0], writer))
            for end in (there[1], writer):
                end.close()

        return take


async def passed(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Until the source ends, and then its end."""
    with suppress(OSError):
        while chunk := await source.read(CHUNK):
            sink.write(chunk)
            await sink.drain()
    with suppress(OSError, RuntimeError):
        sink.write_eof()
