"""The routes of notifications: read them, mark them as read; all other routes beside; what operators see."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from services.contracts.times import rfc3339
from services.kernel import paging, state
from services.kernel.security import User
from services.kernel.service import Service
from services.kernel.web import JSON
from services.notifications import handlers
from services.notifications.api.alerts import alert_routes
from services.notifications.api.preferences import preference_routes
from services.notifications.api.pushes import push_routes
from services.notifications.store import messages as store
from services.notifications.store import pushes


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
    routes.routes += internal(service).routes
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


def internal(service: Service) -> APIRouter:
    """Behind the sandbox's key."""
    routes = APIRouter(prefix="/internal", dependencies=[Depends(state.guard)], include_in_schema=False)

    @routes.get("/deliveries/dead")
    async def dead(cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """Mails that were given up, with the last error, the latest first."""
        key = paging.key_of(cursor, int, str)
        before = (int(key[0]), str(key[1])) if key else None
        async with service.database.reading() as connection:
            rows = await store.dead(connection, before, limit)
        return JSON(paging.page(rows, limit, lambda row: (row["due"], row["notification_id"]), dict))

    @routes.get("/pushes/dead")
    async def dead_pushes(cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """Pushes that were given up, in the same way."""
        key = paging.key_of(cursor, int, str, str)
        before = (int(key[0]), str(key[1]), str(key[2])) if key else None
        async with service.database.reading() as connection:
            rows = await pushes.dead(connection, before, limit)
        names = ("due", "notification_id", "subscription_id")
        return JSON(paging.page(rows, limit, lambda row: tuple(row[name] for name in names), dict))

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
