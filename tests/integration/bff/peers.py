"""A service behind the door that a test has in its hand."""

import asyncio
import json
from typing import Any

from services.runtime import local
from services.runtime.asgi import Receive, Scope, Send


class TestPeer:
    """Answers what it was told to, after as long as it was told to, and remembers what it was asked."""

    __test__ = False

    def __init__(self, name: str) -> None:
        self.name = name
        self.asked: list[tuple[str, str]] = []
        self.headers: dict[str, str] = {}
        self.bodies: list[bytes] = []
        self.status = 200
        self.content: Any = {"items": [], "next": None}
        self.more_headers: dict[str, str] = {}
        self.silent = False
        self.broken = 0
        """So many requests that end without an answer."""
        local.offer(f"asgi://{name}", self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = scope["query_string"].decode()
        self.asked.append((scope["method"], scope["path"] + (f"?{query}" if query else "")))
        self.headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.bodies.append((await receive()).get("body", b""))
        if self.silent:
            await asyncio.Event().wait()
        if self.broken:
            self.broken -= 1
            raise ConnectionError("the test broke it")
        headers = {"content-type": "application/json", "x-request-id": "twice", **self.more_headers}
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        await send({"type": "http.response.body", "body": json.dumps(self.content).encode()})
