"""The two doors for bots, and what came through them, by REST and as a page."""

import asyncio
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, FastAPI, HTTPException, Path, Query, Request, Response

from services.runtime.clock import wall
from services.runtime.faults import Faults
from sim.chatops import page, slack, telegram
from sim.chatops.room import Room

LARGEST = 64 * 1024
"""Bytes of a body."""
LARGEST_ID = 2**63 - 1
SHOWN = 200
Service = Annotated[Literal["telegram", "slack"] | None, Query(description="only what came through this door")]
Since = Annotated[int, Query(ge=0, le=LARGEST_ID, description="only messages with an id above this one")]
Limit = Annotated[int, Query(ge=1, le=200)]


def application(room: Room, faults: Faults) -> FastAPI:
    """The REST API over a room."""
    app = FastAPI(title="Simulated chat of operators")
    app.include_router(doors(room, faults))
    app.include_router(messages(room))
    return app


def doors(room: Room, faults: Faults) -> APIRouter:
    """Where bots speak."""
    routes = APIRouter(tags=["doors"])

    @routes.post("/telegram/bot{token}/sendMessage")
    async def send_message(token: Annotated[str, Path(max_length=100)], request: Request) -> Response:
        """Telegram's Bot API: its token in the path, JSON in and out."""
        if why := await disturbed(faults):
            return _json({"ok": False, "error_code": 503, "description": why}, 503)
        payload = await payload_of(request)
        try:
            said = telegram.check(token, payload)
        except telegram.RefusedError as error:
            return _json({"ok": False, "error_code": error.status, "description": str(error)}, error.status)
        now = wall()
        number = room.keep("telegram", said, payload, now)
        chat = {"id": int(said.chat) if said.chat.lstrip("-").isdigit() else 0, "type": "supergroup"}
        return _json({"ok": True, "result": {"message_id": number, "date": now // 1_000_000, "chat": chat}})

    @routes.post("/slack/services/{hook:path}")
    async def incoming(hook: Annotated[str, Path(max_length=100)], request: Request) -> Response:
        """Slack's incoming webhook: its secret in the path, JSON in, a word out."""
        if why := await disturbed(faults):
            return Response(why, 503, media_type="text/plain")
        payload = await payload_of(request)
        try:
            said = slack.check(hook, payload)
        except slack.RefusedError as error:
            return Response(str(error), error.status, media_type="text/plain")
        room.keep("slack", said, payload, wall())
        return Response("ok", media_type="text/plain")

    return routes


def messages(room: Room) -> APIRouter:
    """List, read, forget."""
    routes = APIRouter(tags=["messages"])

    @routes.get("/messages")
    async def listed(service: Service = None, since: Since = 0, limit: Limit = 50) -> Response:
        """Messages in the order in which they came: ``{"items": [...]}``."""
        return _json({"items": room.messages(service, since, limit)})

    @routes.get("/messages/{number}", responses={404: {"description": "No such message"}})
    async def message(number: Annotated[int, Path(ge=1, le=LARGEST_ID)]) -> Response:
        """One message, with its payload as it came."""
        found = room.message(number)
        if found is None:
            raise HTTPException(404, "no such message")
        return _json(found)

    @routes.delete("/messages", status_code=204)
    async def clear() -> None:
        """Forget everything."""
        room.clear()

    @routes.get("/", include_in_schema=False)
    async def shown() -> Response:
        """For people."""
        since = max(0, room.last() - SHOWN)
        return Response(page.drawn(room.messages(None, since, SHOWN)), media_type="text/html")

    return routes


async def disturbed(faults: Faults) -> str:
    """Why a call is turned away by a fault; nothing when it is not."""
    if late := faults.find("chatops.latency"):
        await asyncio.sleep(late.seconds)
    if faults.find("chatops.refuse"):
        return "turned away by a fault"
    return ""


async def payload_of(request: Request) -> Any:
    """The JSON of a body; None when it is none, or too long."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            return None
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None


def _json(value: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")
