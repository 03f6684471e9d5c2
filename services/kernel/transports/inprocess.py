"""A call of an ASGI app in this process, with nothing between but the interface itself."""

import asyncio
from collections.abc import Mapping
from typing import cast
from urllib.parse import unquote

from services.kernel.transports.transport import Answer, PeerSilent, PeerUnavailable
from services.runtime import local, patience
from services.runtime.asgi import ASGIApp, Message, Scope


class InProcess:
    """Calls whatever app is offered under the URL at that moment; it runs on when the caller stops waiting,

    as a server on the other side of a socket would.
    """

    def __init__(self, url: str, name: str, timeout: float) -> None:
        self.url = url
        self.name = name
        self.timeout = timeout
        self._calls: set[asyncio.Task[None]] = set()

    async def request(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        try:
            app = cast("ASGIApp", local.find(self.url))
        except LookupError:
            raise PeerUnavailable(self.name) from None
        call = Call(body)
        task = asyncio.get_running_loop().create_task(call.run(app, scope_of(method, target, headers, body)))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)
        await asyncio.wait((task,), timeout=patience.stretched(self.timeout))
        if not task.done() or task.cancelled() or task.exception() is not None or not call.complete:
            raise PeerSilent(self.name)
        return Answer(call.status, call.headers, b"".join(call.chunks))

    async def close(self) -> None:
        """The app is not ours to close."""


class Call:
    """One request's body on its way in and the answer on its way out."""

    __slots__ = ("_body", "_disconnected", "chunks", "complete", "headers", "status")

    def __init__(self, body: bytes) -> None:
        self._body: bytes | None = body
        self._disconnected: asyncio.Future[Message] | None = None
        self.status = 0
        self.headers: dict[str, str] = {}
        self.chunks: list[bytes] = []
        self.complete = False

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        await app(scope, self.receive, self.send)

    async def receive(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        if self._disconnected is None:
            self._disconnected = asyncio.get_running_loop().create_future()
        return await self._disconnected

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in message["headers"]}
        elif message["type"] == "http.response.body":
            self.chunks.append(message.get("body", b""))
            self.complete = not message.get("more_body", False)


def scope_of(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Scope:
    """The scope that a server would make of the request."""
    path, _, query = target.partition("?")
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    raw.append((b"content-length", b"%d" % len(body)))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path) if "%" in path else path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": raw,
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
        "state": {},
    }
