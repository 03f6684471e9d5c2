"""Liveness, readiness, the settled page and the faults of a simulator, in front of its own app."""

from hmac import compare_digest
from urllib.parse import parse_qs

import msgspec

from services.runtime import faults
from services.runtime.asgi import ASGIApp, Receive, Scope, Send
from services.runtime.resources import Running

KEY_HEADER = b"x-internal-key"


def with_pages(name: str, running: Running, key: str) -> ASGIApp:
    """The simulator's app with `/live`, `/ready` and the internal pages that each has; services bring their own."""
    secret = key.encode()

    def is_known(scope: Scope) -> bool:
        return compare_digest(dict(scope["headers"]).get(KEY_HEADER, b""), secret)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path") if scope["type"] == "http" else None
        if path == "/live":
            await _answer(send, 200, {"status": "live", "service": name})
        elif path == "/ready":
            unmet = await running.ready()
            status = "degraded" if unmet else "ready"
            await _answer(send, 503 if unmet else 200, {"status": status, "service": name, "checks": unmet})
        elif path == "/internal/settled" and is_known(scope):
            await _answer(send, 200, await running.settled())
        elif path == faults.PAGE and is_known(scope):
            asked = parse_qs(scope["query_string"].decode("latin-1")).get("id", [None])[0]
            await _answer(send, *faults.answered(faults.of(name), scope["method"], asked, await _body(receive)))
        elif running.asgi is not None:
            await running.asgi(scope, receive, send)
        else:
            await _answer(send, 404, {"detail": f"{name} serves no such page"})

    return app


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _answer(send: Send, status: int, document: object) -> None:
    body = msgspec.json.encode(document, enc_hook=str)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
