"""The routes of a topic's messages: post, see."""

from functools import partial
from typing import Any

from fastapi import APIRouter

from services.chat.api import models
from services.chat.api.rates import Posts
from services.chat.api.staff import moderates
from services.chat.api.writing import write
from services.chat.handlers import messages as handlers
from services.chat.store import messages as store
from services.contracts.chat import message_json, message_of
from services.contracts.errors import DomainError
from services.kernel import paging
from services.kernel.idempotency import OptionalIdempotencyKey
from services.kernel.security import User
from services.kernel.service import Service
from services.kernel.web import JSON


def router(service: Service, posts: Posts) -> APIRouter:
    """A topic's messages."""
    routes = APIRouter(prefix="/chat/topics", tags=["chat"])
    database, limits = service.database, service.settings.chat
    most = limits.max_message

    @routes.get("/{topic_id}/messages", response_model=models.MessagePage)
    async def get_messages(user: User, topic_id: str, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """A topic's messages, newest first."""
        key = paging.key_of(cursor, str)
        before = str(key[0]) if key else None
        rows = await database.read_of(user.user_id, store.page, topic_id, before, limit, user.user_id)
        if rows is None:
            raise DomainError("not_found", 404, "there is no such topic")
        return JSON(paging.page(rows, limit, lambda row: (row["message_id"],), seen))

    @routes.post("/{topic_id}/messages", status_code=201, response_model=models.Message)
    async def post_message(
        user: User, topic_id: str, body: models.NewMessage, idempotency_key: OptionalIdempotencyKey = None
    ) -> JSON:
        """Post a message, or an answer to one of the same topic."""
        await posts.count(user.user_id)
        posting = partial(
            handlers.post,
            topic_id=topic_id,
            author_id=user.user_id,
            text=body.text,
            most=most,
            reply_to=body.reply_to,
            moderator=moderates(user),
        )
        return JSON(seen(await database.transact(write, user, idempotency_key, body, posting)), 201)

    return routes


def seen(row: Any) -> dict[str, Any]:
    """A message as one reader sees it."""
    return {**message_json(message_of(row)), "my_reactions": row.get("mine", [])}
