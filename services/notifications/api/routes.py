"""The routes of notifications: read them, mark them as read; all other routes beside; what operators see."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.contracts.times import rfc3339
from services.kernel import paging
from services.kernel.security import User
from services.kernel.service import Service
from services.kernel.web import JSON
from services.notifications import handlers
from services.notifications.api.alerts import alert_routes
from services.notifications.api.operators import operator_routes
from services.notifications.api.preferences import preference_routes
from services.notifications.api.pushes import push_routes
from services.notifications.store import messages as store


class Read(BaseModel):
    """Notifications that were read."""

    model_config = ConfigDict(extra="forbid")
    ids: Annotated[list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=200)]


class Notification(BaseModel):
    """A notification in its reader's language."""

    id: str
    kind: str
    title: str
    text: str
    read: bool
    created_at: str


class Notifications(BaseModel):
    """A page, newest first, and how many are unread in all."""

    items: list[Notification]
    next: str | None
    unread: int


class Unread(BaseModel):
    """How many are left."""

    unread: int


def router(service: Service) -> APIRouter:
    """What users read, and what operators do."""
    routes = APIRouter()
    routes.routes += public(service).routes
    routes.routes += preference_routes(service).routes
    routes.routes += push_routes(service).routes
    routes.routes += alert_routes(service).routes
    routes.routes += operator_routes(service).routes
    return routes


def public(service: Service) -> APIRouter:
    """In-app notifications."""
    routes = APIRouter(prefix="/notifications", tags=["notifications"])

    @routes.get("", response_model=Notifications)
    async def get_notifications(user: User, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """Newest first, and how many are unread."""
        key = paging.key_of(cursor, str)
        async with service.database.reading() as connection:
            rows = await store.inbox_of(connection, user.user_id, str(key[0]) if key else None, limit)
            unread = await store.unread(connection, user.user_id)
        shown = paging.page(rows, limit, lambda row: (row["notification_id"],), notification_json)
        return JSON({**shown, "unread": unread})

    @routes.post("/read", response_model=Unread)
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
