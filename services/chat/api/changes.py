"""The routes of single messages: see, edit, take back, react."""

from fastapi import APIRouter

from services.chat.api import models
from services.chat.api.messages import seen
from services.chat.api.rates import Posts
from services.chat.api.staff import WhyRemoved, moderates
from services.chat.handlers import messages as handlers
from services.chat.store import messages as store
from services.contracts.errors import DomainError
from services.kernel.security import User
from services.kernel.service import Service
from services.kernel.web import JSON


def router(service: Service, posts: Posts) -> APIRouter:
    """A message by itself, and what becomes of it."""
    routes = APIRouter(prefix="/chat/messages", tags=["chat"])
    database, limits = service.database, service.settings.chat
    most = limits.max_message

    @routes.get("/{message_id}", response_model=models.Message)
    async def get_message(user: User, message_id: str) -> JSON:
        """One message; one that was removed has no text and says by whom."""
        row = await database.read_of(user.user_id, store.find, message_id, user.user_id)
        if row is None:
            raise DomainError("not_found", 404, "there is no such message")
        return JSON(seen(row))

    @routes.patch("/{message_id}", response_model=models.Message)
    async def patch_message(user: User, message_id: str, body: models.NewText) -> JSON:
        """Other words for one's own message, within 15 minutes of posting it."""
        await posts.count(user.user_id)
        editing = (message_id, user.user_id, body.text, most, limits.edit_within)
        return JSON(seen(await database.transact(handlers.edit, *editing)))

    @routes.delete("/{message_id}", response_model=models.Message)
    async def delete_message(user: User, message_id: str, reason: WhyRemoved = None) -> JSON:
        """Take one's own message back: its text goes, its place stays. Moderators remove any, and say why."""
        removing = (message_id, user.user_id, reason)
        return JSON(seen(await database.transact(handlers.remove, *removing, moderator=moderates(user))))

    @routes.put("/{message_id}/reactions/{kind}", response_model=models.Message)
    async def put_reaction(user: User, message_id: str, kind: models.Reaction) -> JSON:
        """Say what one thinks of a message, once for each kind."""
        await posts.count(user.user_id)
        return JSON(seen(await database.transact(handlers.react, message_id, user.user_id, kind)))

    @routes.delete("/{message_id}/reactions/{kind}", response_model=models.Message)
    async def delete_reaction(user: User, message_id: str, kind: models.Reaction) -> JSON:
        """Think so no more."""
        return JSON(seen(await database.transact(handlers.take_back, message_id, user.user_id, kind)))

    return routes
