"""The routes of notifications: read them, mark them as read."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.contracts.times import rfc3339
from services.kernel import paging
from services.kernel.security import User
from services.kernel.service import Service
from services.kernel.web import JSON
from services.notifications import handlers, store


class Read(BaseModel):
    """Notifications that were read."""

    model_config = ConfigDict(extra="forbid")
    ids: Annotated[list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=200)]


def router(service: Service) -> APIRouter:
    """In-app notifications."""
    routes = APIRouter(prefix="/notifications", tags=["notifications"])

    @routes.get("")
    async def get_notifications(user: User, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """Newest first, and how many are unread."""
        key = paging.key_of(cursor, str)
        async with service.database.reading() as connection:
            rows = await store.inbox_of(connection, user.user_id, str(key[0]) if key else None, limit)
            unread = await store.unread(connection, user.user_id)
        shown = paging.page(rows, limit, lambda row: (row["notification_id"],), notification_json)
        return JSON({**shown, "unread": unread})

    @routes.post("/read")
    async def post_read(user: User, body: Read) -> JSON:
        """Mark notifications as read; again changes nothing."""
        await service.database.transact(handlers.mark_read, user.user_id, body.ids)
        async with service.database.reading() as connection:
            return JSON({"unread": await store.unread(connection, user.user_id)})

    return routes


def notification_json(row: Any) -> dict[str, Any]:
    """A notification as its reader sees it."""
    return {
        "id": row["notification_id"],
        "kind": row["kind"],
        "title": row["title"],
        "text": row["text"],
        "read": bool(row["read"]),
        "created_at": rfc3339(row["created"]),
    }
