"""Liveness, readiness, the settled page and the faults of a simulator, in front of its own app."""

import time
from hmac import compare_digest
from urllib.parse import parse_qs

import msgspec

from services.contracts.metrics import parts
from services.runtime import faults
from services.runtime.asgi import ASGIApp, Message, Receive, Scope, Send
from services.runtime.metrics import Metrics
from services.runtime.resources import Running

OWN = ("/live", "/ready", "/metrics", "/internal/settled", faults.PAGE)
KEY_HEADER = b"x-internal-key"


def with_pages(name: str, running: Running, key: str) -> ASGIApp:
    """The simulator's app with `/live`, `/ready` and the internal pages that each has; services bring their own."""
    secret = key.encode()
    metrics = running.metrics or Metrics(name)

    def is_known(scope: Scope) -> bool:
        return compare_digest(dict(scope["headers"]).get(KEY_HEADER, b""), secret)

    async def pages(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path") if scope["type"] == "http" else None
        if path == "/live":
            await _answer(send, 200, {"status": "live", "service": name})
        elif path == "/ready":
            unmet = await running.ready()
            status = "degraded" if unmet else "ready"
            await _answer(send, 503 if unmet else 200, {"status": status, "service": name, "checks": unmet})
        elif path == "/metrics":
            accept = dict(scope["headers"]).get(b"accept", b"").decode("latin-1")
            body, content_type = await metrics.page(accept)
            await _send(send, 200, body, content_type)
        elif path == "/internal/settled" and is_known(scope):
            await _answer(send, 200, await running.settled())
        elif path == faults.PAGE and is_known(scope):
            asked = parse_qs(scope["query_string"].decode("latin-1")).get("id", [None])[0]
            await _answer(send, *faults.answered(faults.of(name), scope["method"], asked, await _body(receive)))
        elif running.asgi is not None:
            await running.asgi(scope, receive, send)
        else:
            await _answer(send, 404, {"detail": f"{name} serves no such page"})

    return measured(pages, running, metrics)


def measured(app: ASGIApp, running: Running, metrics: Metrics) -> ASGIApp:
    """The app, its requests counted; and on the page whether the part is ready."""
    ready = metrics.gauge(parts.READY)

    async def look() -> None:
        ready.set(float(not await running.ready()))

    async def counting(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        began, status = time.perf_counter(), 0
        metrics.active += 1

        async def answer(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await app(scope, receive, answer)
        finally:
            metrics.active -= 1
            metrics.request(scope["method"], route_of(scope), status, time.perf_counter() - began)

    metrics.before_page(look)
    return counting


def route_of(scope: Scope) -> str:
    """The path as it was declared; empty for one that nobody knows, of which there are any number."""
    path: str = scope["path"]
    declared: str = getattr(scope.get("route"), "path", path if path in OWN else "")
    return declared


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _answer(send: Send, status: int, document: object) -> None:
    await _send(send, status, msgspec.json.encode(document, enc_hook=str), "application/json")


async def _send(send: Send, status: int, body: bytes, content_type: str) -> None:
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
