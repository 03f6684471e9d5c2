"""Subscriptions, pushes and what was received, by REST."""

import secrets
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, FastAPI, HTTPException, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.runtime.clock import wall
from sim.push.device import Device
from sim.push.reception import LARGEST, Reception
from sim.push.sender import is_key
from sim.push.shelf import Shelf

LARGEST_ID = 2**63 - 1
Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Of = Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="only pushes to this subscription")]
Since = Annotated[int, Query(ge=0, le=LARGEST_ID, description="only what has an id above this one")]
Limit = Annotated[int, Query(ge=1, le=200)]
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"description": "There is none"}}


class Wanted(BaseModel):
    """A subscription, as a page asks its browser for one."""

    model_config = ConfigDict(extra="forbid")
    application_server_key: Annotated[
        str | None, Field(max_length=100, description="the sender's VAPID key; without it anybody may push")
    ] = None
    label: Annotated[str, Field(max_length=100)] = ""


def application(shelf: Shelf, reception: Reception) -> FastAPI:
    """The REST API over a shelf."""
    app = FastAPI(title="Simulated push endpoint")
    app.include_router(subscriptions(shelf))
    app.include_router(messages(shelf))
    app.include_router(endpoints(reception))
    return app


def subscriptions(shelf: Shelf) -> APIRouter:
    """Make, list, end."""
    routes = APIRouter(prefix="/subscriptions", tags=["subscriptions"])

    @routes.post("", status_code=201)
    async def subscribe(wanted: Wanted) -> Response:
        """A new subscription with keys of its own, which the platform can be given as it is."""
        sender = wanted.application_server_key
        if sender is not None and not is_key(sender):
            raise HTTPException(422, "application_server_key is no public key of P-256")
        return _json(shelf.subscribe(secrets.token_urlsafe(24), Device.new(), sender, wanted.label, wall()), 201)

    @routes.get("")
    async def listed(since: Since = 0, limit: Limit = 50) -> Response:
        """Every subscription, those that have ended too: ``{"items": [...]}``."""
        return _json({"items": shelf.subscriptions(since, limit)})

    @routes.delete("/{number}", status_code=204, responses=NOT_FOUND)
    async def unsubscribe(number: Id) -> None:
        """End it: who pushes to it hears 410."""
        if not shelf.end(number, wall()):
            raise HTTPException(404, "no such subscription")

    return routes


def messages(shelf: Shelf) -> APIRouter:
    """List, read, forget."""
    routes = APIRouter(prefix="/messages", tags=["messages"])

    @routes.get("")
    async def listed(subscription: Of = None, since: Since = 0, limit: Limit = 50) -> Response:
        """Pushes in the order in which they came, decrypted: ``{"items": [...]}``."""
        return _json({"items": shelf.messages(subscription, since, limit)})

    @routes.get("/{number}", responses=NOT_FOUND)
    async def message(number: Id) -> Response:
        """One push."""
        found = shelf.message(number)
        if found is None:
            raise HTTPException(404, "no such push")
        return _json(found)

    @routes.delete("", status_code=204)
    async def clear() -> None:
        """Forget every push."""
        shelf.clear()

    return routes


def endpoints(reception: Reception) -> APIRouter:
    """Where application servers push to."""
    routes = APIRouter(tags=["endpoints"])

    @routes.post("/push/{token}", status_code=201)
    async def push(token: Annotated[str, Path(max_length=100)], request: Request) -> Response:
        """Take a push (RFC 8030, 8291 and 8292)."""
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST:
                break
        reply = await reception.push(token, request.headers, body)
        if reply.message is None:
            return _json({"detail": reply.why}, reply.status)
        return Response(status_code=201, headers={"Location": f"/messages/{reply.message}"})

    return routes


def _json(value: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")
