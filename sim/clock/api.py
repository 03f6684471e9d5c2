"""Market time by REST."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated, Any, Literal, cast

import msgspec
from fastapi import FastAPI, HTTPException, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from services.contracts.times import from_rfc3339, rfc3339
from services.runtime import local
from sim.clock.clock import FASTEST, MasterClock

PACE = 0.005
"""Seconds between two states that a follower is told: a driven clock has another all the time."""


def moment(said: object) -> int:
    """RFC 3339, in microseconds."""
    return from_rfc3339(str(said))


class Change(BaseModel):
    """Another speed (times real time), or a mode: ``driven`` goes as fast as all can follow.

    ``until`` is a moment at which market time stands then; without a recording nothing is driven without it. With
    ``touch`` it stands already where an order of a user's is touched.
    """

    model_config = ConfigDict(extra="forbid", strict=True)
    speed: Annotated[float, Field(gt=0, le=FASTEST)] | None = None
    mode: Literal["running", "paused", "driven"] | None = None
    until: Annotated[int, BeforeValidator(moment)] | None = None
    touch: bool = False


def application(clock: MasterClock) -> FastAPI:
    """GET and PUT /clock, and /clock/states for who follows."""

    async def states(socket: WebSocket) -> None:
        await socket.accept()
        telling = asyncio.create_task(_tell(socket, clock))
        with suppress(WebSocketDisconnect):
            await socket.receive_text()  # a follower says nothing: this ends when it leaves, or we do
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)

    app = FastAPI(title="Market clock", routes=[WebSocketRoute("/clock/states", states)])

    @app.get("/clock")
    async def show() -> Response:
        """Market time, speed, mode, the moment on the way to which it is, and how far each feed is."""
        return _page(clock)

    @app.put("/clock")
    async def change(change: Change) -> Response:
        """Change speed or mode, or go on to a moment."""
        if not clock.started:
            raise HTTPException(409, "the venue has not told yet where market time is")
        speed = clock.state.speed if change.speed is None else change.speed
        if change.until is not None:
            _go(clock, change.until, speed, change)
            return _page(clock)
        mode = change.mode or ("running" if clock.state.mode == "driven" else clock.state.mode)
        if mode == "driven" and not _drivable():
            raise HTTPException(409, "no recording is left that could drive the clock")
        clock.change(speed, mode)
        return _page(clock)

    return app


def _go(clock: MasterClock, until: int, speed: float, change: Change) -> None:
    """On to a moment, through what lies between."""
    if change.mode == "paused" or (change.touch and change.mode == "running"):
        raise HTTPException(422, "market time that stands comes to no moment; one that runs stops at no order")
    if until < clock.now():
        raise HTTPException(409, f"market time is {rfc3339(clock.now())} already, and does not go back")
    clock.change(speed, change.mode or "driven", until, touch=change.touch)


async def _tell(socket: WebSocket, clock: MasterClock) -> None:
    async for state in clock.states():
        await socket.send_bytes(msgspec.json.encode(state))
        await asyncio.sleep(PACE)


def _feeds() -> Mapping[str, Any]:
    """The venue's feeds; none before it is up."""
    try:
        return cast(Mapping[str, Any], cast(Any, local.find("memory://venue")).feeds())
    except LookupError:
        return {}


def _drivable() -> bool:
    return any(facts["kind"] in {"recorded", "csv"} for facts in _feeds().values())


def _page(clock: MasterClock) -> Response:
    state = clock.state
    feeds = {symbol: facts["line"] for symbol, facts in _feeds().items()}
    until = None if state.until is None else rfc3339(state.until)
    page = {"now": rfc3339(clock.now()), "speed": state.speed, "mode": state.mode, "until": until, "feeds": feeds}
    return Response(msgspec.json.encode(page), media_type="application/json")
