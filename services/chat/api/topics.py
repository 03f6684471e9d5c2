"""The routes of topics."""

from functools import partial
from typing import Any

from fastapi import APIRouter

from services.chat.api import models
from services.chat.api.rates import Posts
from services.chat.api.staff import Moderator, TopicChange
from services.chat.api.writing import write
from services.chat.handlers import topics as handlers
from services.chat.store import topics as store
from services.contracts.errors import DomainError
from services.contracts.times import rfc3339
from services.kernel import paging
from services.kernel.idempotency import OptionalIdempotencyKey
from services.kernel.security import User
from services.kernel.service import Service
from services.kernel.web import JSON


def router(service: Service, posts: Posts) -> APIRouter:
    """Open topics, and see them."""
    routes = APIRouter(prefix="/chat/topics", tags=["chat"])
    database, limits = service.database, service.settings.chat

    @routes.get("", response_model=models.TopicPage)
    async def get_topics(user: User, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """Topics, the pinned ones and then the liveliest first."""
        key = paging.key_of(cursor, int, int, str)
        before = (int(key[0]), int(key[1]), str(key[2])) if key else None
        rows = await database.read_of(user.user_id, store.latest, before, limit, user.user_id)
        return JSON(paging.page(rows, limit, lambda row: (row["pinned"], row["active"], row["topic_id"]), topic_json))

    @routes.post("", status_code=201, response_model=models.Topic)
    async def post_topic(user: User, body: models.NewTopic, idempotency_key: OptionalIdempotencyKey = None) -> JSON:
        """Open a topic."""
        await posts.count(user.user_id)
        opening = partial(handlers.open_topic, author_id=user.user_id, title=body.title, most=limits.max_title)
        return JSON(topic_json(await database.transact(write, user, idempotency_key, body, opening)), 201)

    @routes.get("/{topic_id}", response_model=models.Topic)
    async def get_topic(user: User, topic_id: str) -> JSON:
        """One topic."""
        topic = await database.read_of(user.user_id, store.find, topic_id, user.user_id)
        if topic is None:
            raise DomainError("not_found", 404, "there is no such topic")
        return JSON(topic_json(topic))

    @routes.patch("/{topic_id}", response_model=models.Topic)
    async def patch_topic(actor: Moderator, topic_id: str, body: TopicChange) -> JSON:
        """Pin a topic, lock it to all but moderators, or undo that; with a reason."""
        change = body.model_dump(exclude_none=True, exclude={"reason"})
        changed = await database.transact(handlers.moderate, topic_id, actor.user_id, change, body.reason)
        return JSON(topic_json(changed))

    return routes


def topic_json(row: Any) -> dict[str, Any]:
    """A topic as its readers see it."""
    return {
        "id": row["topic_id"],
        "title": row["title"],
        "author_id": row["author_id"],
        "messages": row["messages"],
        "pinned": bool(row.get("pinned")),
        "locked": bool(row.get("locked")),
        "following": row.get("read") is not None,
        "unread": None if row.get("read") is None else max(0, row["messages"] - row["read"]),
        "created_at": rfc3339(row["created"]),
        "active_at": rfc3339(row["active"]),
    }
