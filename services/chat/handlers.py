"""What the chat does: opens topics, takes messages, learns names."""

from typing import Any

from services.chat import store
from services.chat.domain import clean
from services.contracts.envelope import Envelope
from services.contracts.errors import DomainError
from services.contracts.events.auth import ProfileChanged
from services.contracts.events.chat import MessagePosted
from services.contracts.ids import new_id
from services.kernel.consumer import Handlers
from services.kernel.uow import UnitOfWork

UNNAMED = "?"
"""An author whose profile is still on its way."""


async def open_topic(uow: UnitOfWork, author_id: str, title: str, most: int) -> dict[str, Any]:
    """A new topic, without messages."""
    topic = {
        "topic_id": new_id(),
        "title": clean(title, "title", most, lines=False),
        "author_id": author_id,
        "created": uow.wall,
        "messages": 0,
        "active": uow.wall,
    }
    await store.add_topic(uow, topic)
    uow.wrote_of(author_id)
    return topic


async def post(uow: UnitOfWork, topic_id: str, author_id: str, text: str, most: int) -> dict[str, Any]:
    """A new message in a topic; 404 when there is no such topic."""
    message: dict[str, Any] = {
        "message_id": new_id(),
        "topic_id": topic_id,
        "author_id": author_id,
        "text": clean(text, "text", most),
        "posted": uow.wall,
    }
    if not await store.add_message(uow, message):
        raise DomainError("not_found", 404, "there is no such topic")
    uow.wrote_of(author_id)
    author = await store.name_of(uow, author_id) or UNNAMED
    uow.emit(MessagePosted(author=author, **message))
    return {**message, "display_name": author}


async def learn_name(uow: UnitOfWork, event: ProfileChanged, _: Envelope) -> None:
    """Keep what a user is called."""
    await store.keep_member(uow, event.user_id, event.display_name)
    uow.wrote_of(event.user_id)


CONSUMES: Handlers = {ProfileChanged: learn_name}
