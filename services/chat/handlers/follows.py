"""Topics that a user follows, and how far she has read."""

from typing import Any

from services.chat.store import follows as store
from services.chat.store import messages, topics
from services.contracts.errors import DomainError
from services.kernel.uow import UnitOfWork


async def follow(uow: UnitOfWork, user_id: str, topic_id: str) -> dict[str, Any]:
    """Follow a topic; what there is counts as read."""
    topic = await found(uow, user_id, topic_id)
    await store.add(uow, user_id, topic_id, topic["messages"])
    uow.wrote_of(user_id)
    return await found(uow, user_id, topic_id)


async def leave(uow: UnitOfWork, user_id: str, topic_id: str) -> dict[str, Any]:
    """Follow a topic no more."""
    await found(uow, user_id, topic_id)
    await store.remove(uow, user_id, topic_id)
    uow.wrote_of(user_id)
    return await found(uow, user_id, topic_id)


async def read(uow: UnitOfWork, user_id: str, topic_id: str, up_to: str | None) -> dict[str, Any]:
    """Have read a followed topic, up to a message or all of it."""
    topic = await found(uow, user_id, topic_id)
    if topic["read"] is None:
        raise DomainError("not_followed", 409, "only who follows a topic has unread messages in it")
    newer = 0
    if up_to is not None:
        if await messages.place_of(uow, up_to) != topic_id:
            raise DomainError("unknown_message", 422, "there is no such message in this topic", field="up_to")
        newer = await messages.newer(uow.connection, topic_id, up_to)
    await store.read(uow, user_id, topic_id, topic["messages"] - newer)
    uow.wrote_of(user_id)
    return await found(uow, user_id, topic_id)


async def found(uow: UnitOfWork, user_id: str, topic_id: str) -> dict[str, Any]:
    """The topic as the user sees it."""
    topic = await topics.find(uow.connection, topic_id, user_id)
    if topic is None:
        raise DomainError("not_found", 404, "there is no such topic")
    return dict(topic)
