"""A BFF in a test's hand, as the edge sees one: bytes over TCP, so that it can also break off in the middle."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.contracts.door import JWKS, PREFIX, READY
from services.kernel.security import Principal, issue, jwk

KID = "key-1"
LIFETIME = 600


class TestDoor:
    """Answers 200 with what it was asked, once it is ``free`` to.

    ``ready`` is what it says of itself, ``broken`` breaks off every request.
    """

    __test__ = False

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self.key = key
        self.ready = True
        self.broken = False
        self.free = asyncio.Event()
        self.free.set()
        self.asked: list[dict[str, Any]] = []
        self.port = 0

    def token(self, lifetime: int = LIFETIME, key: Ed25519PrivateKey | None = None) -> dict[str, str]:
        """Headers of a trader."""
        principal = Principal("ann", "session", frozenset({"trader"}))
        return {"Authorization": f"Bearer {issue(key or self.key, KID, principal, lifetime)}"}

    @asynccontextmanager
    async def open(self) -> AsyncIterator["TestDoor"]:
        """Listens until the end of the block."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            self._server.close()

    def die(self) -> None:
        """Nobody listens any more, and who is connected is let down."""
        self.broken = True
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await self._answer(await reader.readuntil(b"\r\n\r\n"), reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = head.decode("latin-1").strip().split("\r\n")
        method, path, _ = first.split()
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        status, document = "200 OK", {"method": method, "path": path, "headers": headers, "size": len(body)}
        if path == READY:
            status = status if self.ready else "503 Service Unavailable"
        elif path == f"{PREFIX}{JWKS}":
            document = {"keys": [jwk(self.key.public_key(), KID)]}
        else:
            self.asked.append(document)
            if self.broken:
                writer.transport.abort()
                return
            await self.free.wait()
        content = json.dumps(document).encode()
        head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n".encode()
        writer.write(head + content)
        await writer.drain()
