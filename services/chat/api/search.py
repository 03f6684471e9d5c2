"""The route of the search."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chat.api.messages import seen
from services.chat.api.models import Message
from services.chat.domain.words import wanted
from services.chat.store import messages
from services.chat.store import words as store
from services.kernel import paging
from services.kernel.security import User
from services.kernel.service import Service
from services.kernel.web import JSON

Asked = Annotated[str, Query(min_length=1, max_length=200, description="words; a message has all of them")]
Topic = Annotated[str | None, Query(max_length=64, description="in this topic only")]


class Found(Message):
    """A message, and what its topic is called."""

    topic_title: str


class FoundPage(BaseModel):
    """Newest first."""

    items: list[Found]
    next: str | None


def router(service: Service) -> APIRouter:
    """Find messages by their words."""
    routes = APIRouter(prefix="/chat", tags=["chat"])
    database = service.database

    @routes.get("/search", response_model=FoundPage)
    async def get_search(
        user: User, q: Asked, topic_id: Topic = None, cursor: paging.Cursor = None, limit: paging.Limit = 50
    ) -> JSON:
        """Messages with all words of a query, whatever their case and accents, newest first; `$AAPL` finds the tag."""
        some = wanted(q)
        key = paging.key_of(cursor, str)
        before = str(key[0]) if key else None

        async def find(connection: AsyncConnection) -> list[dict[str, Any]]:
            rows = await store.found(connection, some, topic_id, before, limit)
            return await messages.with_thoughts(connection, rows, user.user_id)

        rows = await database.read_of(user.user_id, find)
        return JSON(paging.page(rows, limit, lambda row: (row["message_id"],), found_json))

    return routes


def found_json(row: Any) -> dict[str, Any]:
    """A message that was found, as its finder sees it."""
    return {**seen(row), "topic_title": row["title"]}
