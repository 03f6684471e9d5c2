"""A simulator's door by HTTP when it is disturbed: turned away, late, or answered by an error."""

import asyncio

import msgspec

from services.runtime.asgi import ASGIApp, Receive, Scope, Send
from services.runtime.faults import Faults

INTERNAL = "/internal/"
"""Pages of the tool are never disturbed: it has to see what goes on."""


def disturbed(app: ASGIApp, faults: Faults) -> ASGIApp:
    """The app behind ``PART.refuse``, ``PART.latency`` and ``PART.errors``; streams know their own faults."""
    part = faults.part

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if not faults.active or scope["type"] != "http" or scope["path"].startswith(INTERNAL):
            return await app(scope, receive, send)
        if faults.find(f"{part}.refuse"):
            return await _refused(send, 503, "turned away by a fault")
        if late := faults.find(f"{part}.latency"):
            await asyncio.sleep(late.seconds)
        if (errors := faults.find(f"{part}.errors")) and errors.strikes():
            return await _refused(send, 500, "failed by a fault")
        return await app(scope, receive, send)

    return door


async def _refused(send: Send, status: int, why: str) -> None:
    body = msgspec.json.encode({"detail": why})
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
