"""The routes of followed topics."""

from fastapi import APIRouter

from services.chat.api import models
from services.chat.api.topics import topic_json
from services.chat.handlers import follows as handlers
from services.chat.store import follows as store
from services.kernel import paging
from services.kernel.security import User
from services.kernel.service import Service
from services.kernel.web import JSON


def router(service: Service) -> APIRouter:
    """Follow topics, and see what is new in them."""
    routes = APIRouter(prefix="/chat", tags=["chat"])
    database = service.database

    @routes.put("/topics/{topic_id}/follow", response_model=models.Topic)
    async def put_follow(user: User, topic_id: str) -> JSON:
        """Follow a topic; what it holds by now counts as read."""
        return JSON(topic_json(await database.transact(handlers.follow, user.user_id, topic_id)))

    @routes.delete("/topics/{topic_id}/follow", response_model=models.Topic)
    async def delete_follow(user: User, topic_id: str) -> JSON:
        """Follow a topic no more."""
        return JSON(topic_json(await database.transact(handlers.leave, user.user_id, topic_id)))

    @routes.post("/topics/{topic_id}/read", response_model=models.Topic)
    async def post_read(user: User, topic_id: str, body: models.Reading) -> JSON:
        """Say how far one has read; that never goes back."""
        return JSON(topic_json(await database.transact(handlers.read, user.user_id, topic_id, body.up_to)))

    @routes.get("/followed", response_model=models.TopicPage)
    async def get_followed(user: User, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """The topics that one follows, newest first."""
        key = paging.key_of(cursor, str)
        before = str(key[0]) if key else None
        rows = await database.read_of(user.user_id, store.page, user.user_id, before, limit)
        return JSON(paging.page(rows, limit, lambda row: (row["topic_id"],), topic_json))

    @routes.get("/unread", response_model=models.Unread)
    async def get_unread(user: User) -> JSON:
        """How much is new in all of them."""
        topics, messages = await database.read_of(user.user_id, store.unread, user.user_id)
        return JSON({"topics": topics, "messages": messages})

    return routes
