"""What was received, by REST."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, FastAPI, HTTPException, Path, Query, Response

from sim.mail.mailbox import Mailbox

LARGEST_ID = 2**63 - 1
Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]
To = Annotated[str | None, Query(max_length=320, description="an envelope recipient, in any case")]
Since = Annotated[int, Query(ge=0, le=LARGEST_ID, description="only messages with an id above this one")]
Limit = Annotated[int, Query(ge=1, le=200)]


def application(mailbox: Mailbox) -> FastAPI:
    """The REST API over a mailbox."""
    app = FastAPI(title="Simulated mail gateway")
    app.include_router(router(mailbox))
    return app


def router(mailbox: Mailbox) -> APIRouter:
    """List, read, forget."""
    routes = APIRouter(tags=["messages"])

    @routes.get("/messages")
    async def messages(to: To = None, since: Since = 0, limit: Limit = 50) -> Response:
        """Messages in the order in which they came: ``{"items": [...]}``."""
        return _json({"items": mailbox.messages(to, since, limit)})

    @routes.get("/messages/{number}", responses={404: {"description": "No such message"}})
    async def message(number: Id) -> Response:
        """One message."""
        found = mailbox.message(number)
        if found is None:
            raise HTTPException(404, "no such message")
        return _json(found)

    @routes.delete("/messages", status_code=204)
    async def clear() -> None:
        """Forget everything."""
        mailbox.clear()

    return routes


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
