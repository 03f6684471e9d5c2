"""The routes of topics."""

from functools import partial
from typing import Any

from fastapi import APIRouter

from services.chat.api import models
from services.chat.api.rates import Posts
from services.chat.api.writing import write
from services.chat.handlers import open_topic
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
        """Topics, the liveliest first."""
        key = paging.key_of(cursor, int, str)
        before = (int(key[0]), str(key[1])) if key else None
        rows = await database.read_of(user.user_id, store.latest, before, limit, user.user_id)
        return JSON(paging.page(rows, limit, lambda row: (row["active"], row["topic_id"]), topic_json))

    @routes.post("", status_code=201, response_model=models.Topic)
    async def post_topic(user: User, body: models.NewTopic, idempotency_key: OptionalIdempotencyKey = None) -> JSON:
        """Open a topic."""
        await posts.count(user.user_id)
        opening = partial(open_topic, author_id=user.user_id, title=body.title, most=limits.max_title)
        return JSON(topic_json(await database.transact(write, user, idempotency_key, body, opening)), 201)

    @routes.get("/{topic_id}", response_model=models.Topic)
    async def get_topic(user: User, topic_id: str) -> JSON:
        """One topic."""
        topic = await database.read_of(user.user_id, store.find, topic_id, user.user_id)
        if topic is None:
            raise DomainError("not_found", 404, "there is no such topic")
        return JSON(topic_json(topic))

    return routes


def topic_json(row: Any) -> dict[str, Any]:
    """A topic as its readers see it."""
    return {
        "id": row["topic_id"],
        "title": row["title"],
        "author_id": row["author_id"],
        "messages": row["messages"],
        "following": row.get("read") is not None,
        "unread": None if row.get("read") is None else max(0, row["messages"] - row["read"]),
        "created_at": rfc3339(row["created"]),
        "active_at": rfc3339(row["active"]),
    }
