"""Entry points of parts that do as they are told, and write down what was done with them."""

import asyncio

import msgspec

from services.runtime.asgi import ASGIApp, Receive, Scope, Send
from services.runtime.resources import Resources, Running
from sim.clock import api
from sim.clock.clock import MasterClock

calls: list[str] = []
behaviour: dict[str, str] = {}


class SpoiltError(Exception):
    """What a user can mend."""

    hint = "give it another file"


def libraries() -> None:
    """There are none."""


def page(resources: Resources) -> ASGIApp:
    """Answers with its path, or with the URLs that it was given."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        urls = msgspec.json.encode(resources.urls)
        body = urls if scope["path"] == "/urls" else scope["path"].encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
        await send({"type": "http.response.body", "body": body})

    return answer


async def clock(resources: Resources) -> Running:
    """Market time that stands: services of other processes ask for it before all else."""
    master = MasterClock(0)
    master.start(0, 1.0, "paused")
    return Running(asgi=api.application(master))


async def run(resources: Resources) -> Running:
    name = resources.name
    calls.append(f"open {name}")
    told = behaviour.get(name)
    if told == "spoilt":
        raise SpoiltError("line 3 cannot be read")
    if told == "broken" or (resources.state / "broken").exists():
        raise RuntimeError("it does not work")

    async def loop() -> None:
        if told != "loop ends":
            await asyncio.Event().wait()

    async def stop() -> None:
        calls.append(f"stop {name}")

    async def settled() -> dict[str, object]:
        return {"waiting": 0}

    return Running(asgi=page(resources), tasks=[loop], settled=settled, stop=stop)
