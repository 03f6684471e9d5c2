"""Liveness, readiness and the settled page of a simulator, in front of its own app."""

from hmac import compare_digest

import msgspec

from services.runtime.asgi import ASGIApp, Receive, Scope, Send
from services.runtime.resources import Running

KEY_HEADER = b"x-internal-key"


def with_pages(name: str, running: Running, key: str) -> ASGIApp:
    """The simulator's app with `/live`, `/ready` and `/internal/settled`; services bring their own."""
    secret = key.encode()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path") if scope["type"] == "http" else None
        if path == "/live":
            await _answer(send, 200, {"status": "live", "service": name})
        elif path == "/ready":
            unmet = await running.ready()
            status = "degraded" if unmet else "ready"
            await _answer(send, 503 if unmet else 200, {"status": status, "service": name, "checks": unmet})
        elif path == "/internal/settled" and compare_digest(dict(scope["headers"]).get(KEY_HEADER, b""), secret):
            await _answer(send, 200, await running.settled())
        elif running.asgi is not None:
            await running.asgi(scope, receive, send)
        else:
            await _answer(send, 404, {"detail": f"{name} serves no such page"})

    return app


async def _answer(send: Send, status: int, document: object) -> None:
    body = msgspec.json.encode(document, enc_hook=str)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
