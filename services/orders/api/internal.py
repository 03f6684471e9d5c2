"""What the tool asks for: the FIX messages that were sent last; after a restore, the orders that are missing."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.fix.session import StoredMessage
from services.kernel import state
from services.kernel.responses import JSON
from services.kernel.service import Service
from services.orders.api.gateway import Gateway
from services.orders.store import fix

Many = Annotated[int, Query(ge=1, le=5_000)]


def router(service: Service, gateway: Gateway) -> APIRouter:
    """Pages behind the sandbox's key."""
    routes = APIRouter(prefix="/internal", dependencies=[Depends(state.guard)], include_in_schema=False)

    @routes.get("/fix")
    async def latest(limit: Many = 500) -> JSON:
        """The latest messages that were sent, in their order."""
        async with service.database.reading() as connection:
            found = await fix.latest(connection, limit)
        return JSON({"items": [shown(session, message) for session, message in reversed(found)]})

    @routes.post("/adopt")
    async def adopt() -> JSON:
        """Orders that the broker has and we lack, with all that became of them; asked again it finds none."""
        return JSON(await gateway.adopt())

    return routes


def shown(session: str, message: StoredMessage) -> dict[str, object]:
    """A message as people read FIX."""
    return {"session": session, "number": message.seq, "text": message.frame.replace(b"\x01", b"|").decode("latin-1")}
