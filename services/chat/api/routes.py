"""The chat's routes: topics and their messages."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from services.chat import handlers, store
from services.chat.api import models
from services.chat.api.rates import Posts
from services.contracts.errors import DomainError
from services.contracts.times import rfc3339
from services.kernel import paging
from services.kernel.idempotency import OptionalIdempotencyKey, repeatable
from services.kernel.security import Principal, User
from services.kernel.service import Service
from services.kernel.uow import UnitOfWork
from services.kernel.web import JSON

Row = dict[str, Any]


def router(service: Service) -> APIRouter:
    """Topics and messages."""
    routes = APIRouter(prefix="/chat", tags=["chat"])
    database, limits = service.database, service.settings.chat
    posts = Posts(service.cache, limits.posts_per_minute)

    @routes.get("/topics", response_model=models.TopicPage)
    async def get_topics(user: User, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """Topics, the liveliest first."""
        key = paging.key_of(cursor, int, str)
        before = (int(key[0]), str(key[1])) if key else None
        rows = await database.read_of(user.user_id, store.latest_topics, before, limit)
        return JSON(paging.page(rows, limit, lambda row: (row["active"], row["topic_id"]), topic_json))

    @routes.post("/topics", status_code=201, response_model=models.Topic)
    async def post_topic(user: User, body: models.NewTopic, idempotency_key: OptionalIdempotencyKey = None) -> JSON:
        """Open a topic."""
        await posts.count(user.user_id)
        opening = partial(handlers.open_topic, author_id=user.user_id, title=body.title, most=limits.max_title)
        return JSON(topic_json(await database.transact(write, user, idempotency_key, body, opening)), 201)

    @routes.get("/topics/{topic_id}", response_model=models.Topic)
    async def get_topic(user: User, topic_id: str) -> JSON:
        """One topic."""
        topic = await database.read_of(user.user_id, store.find_topic, topic_id)
        if topic is None:
            raise DomainError("not_found", 404, "there is no such topic")
        return JSON(topic_json(topic))

    @routes.get("/topics/{topic_id}/messages", response_model=models.MessagePage)
    async def get_messages(user: User, topic_id: str, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """A topic's messages, newest first."""
        key = paging.key_of(cursor, str)
        before = str(key[0]) if key else None
        rows = await database.read_of(user.user_id, store.messages_of, topic_id, before, limit)
        if rows is None:
            raise DomainError("not_found", 404, "there is no such topic")
        return JSON(paging.page(rows, limit, lambda row: (row["message_id"],), message_json))

    @routes.post("/topics/{topic_id}/messages", status_code=201, response_model=models.Message)
    async def post_message(
        user: User, topic_id: str, body: models.NewMessage, idempotency_key: OptionalIdempotencyKey = None
    ) -> JSON:
        """Post a message."""
        await posts.count(user.user_id)
        posting = partial(
            handlers.post, topic_id=topic_id, author_id=user.user_id, text=body.text, most=limits.max_message
        )
        return JSON(message_json(await database.transact(write, user, idempotency_key, body, posting)), 201)

    return routes


async def write(
    uow: UnitOfWork, user: Principal, key: str | None, body: BaseModel, action: Callable[[UnitOfWork], Awaitable[Row]]
) -> Row:
    """Do it once however often the same key comes."""
    return await repeatable(uow, user.user_id, key, body.model_dump(), partial(action, uow), Row)


def topic_json(row: Any) -> dict[str, Any]:
    """A topic as its readers see it."""
    return {
        "id": row["topic_id"],
        "title": row["title"],
        "author_id": row["author_id"],
        "messages": row["messages"],
        "created_at": rfc3339(row["created"]),
        "active_at": rfc3339(row["active"]),
    }


def message_json(row: Any) -> dict[str, Any]:
    """A message as its readers see it."""
    return {
        "id": row["message_id"],
        "topic_id": row["topic_id"],
        "author_id": row["author_id"],
        "author": row["display_name"] or handlers.UNNAMED,
        "text": row["text"],
        "posted_at": rfc3339(row["posted"]),
    }
