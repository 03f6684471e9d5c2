"""Entry points of parts that do as they are told, and write down what was done with them."""

import asyncio

from services.runtime.asgi import Receive, Scope, Send
from services.runtime.resources import Resources, Running

calls: list[str] = []
behaviour: dict[str, str] = {}


class SpoiltError(Exception):
    """What a user can mend."""

    hint = "give it another file"


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers everything with its path."""
    body = scope["path"].encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


async def run(resources: Resources) -> Running:
    name = resources.name
    calls.append(f"open {name}")
    told = behaviour.get(name)
    if told == "spoilt":
        raise SpoiltError("line 3 cannot be read")
    if told == "broken":
        raise RuntimeError("it does not work")

    async def loop() -> None:
        if told != "loop ends":
            await asyncio.Event().wait()

    async def stop() -> None:
        calls.append(f"stop {name}")

    async def settled() -> dict[str, object]:
        return {"waiting": 0}

    return Running(asgi=page, tasks=[loop], settled=settled, stop=stop)
