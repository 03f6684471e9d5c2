"""What operators see and do: messages that were given up, and another try for them. Behind the sandbox's key."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from services.kernel import paging, state
from services.kernel.service import Service
from services.kernel.web import JSON
from services.notifications.store import messages, pushes


class Again(BaseModel):
    """Which notifications' messages to try again; all that were given up where none is named."""

    model_config = ConfigDict(extra="forbid")
    ids: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=1_000)] | None = None


def operator_routes(service: Service) -> APIRouter:
    """Mails and pushes in the same way."""
    routes = APIRouter(prefix="/internal", dependencies=[Depends(state.guard)], include_in_schema=False)

    @routes.get("/deliveries/dead")
    async def dead_mails(cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """Mails that were given up, with the last error, the latest first."""
        key = paging.key_of(cursor, int, str)
        before = (int(key[0]), str(key[1])) if key else None
        async with service.database.reading() as connection:
            rows = await messages.dead(connection, before, limit)
        return JSON(paging.page(rows, limit, lambda row: (row["due"], row["notification_id"]), dict))

    @routes.post("/deliveries/dead/replay")
    async def mails_again(body: Again) -> JSON:
        """They are due now."""
        return JSON({"replayed": await service.database.transact(messages.again, body.ids)})

    @routes.get("/pushes/dead")
    async def dead_pushes(cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """Pushes that were given up, in the same way."""
        key = paging.key_of(cursor, int, str, str)
        before = (int(key[0]), str(key[1]), str(key[2])) if key else None
        async with service.database.reading() as connection:
            rows = await pushes.dead(connection, before, limit)
        names = ("due", "notification_id", "subscription_id")
        return JSON(paging.page(rows, limit, lambda row: tuple(row[name] for name in names), dict))

    @routes.post("/pushes/dead/replay")
    async def pushes_again(body: Again) -> JSON:
        """They are due now."""
        return JSON({"replayed": await service.database.transact(pushes.again, body.ids)})

    return routes
