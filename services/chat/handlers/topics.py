"""Topics: opened by anybody."""

from typing import Any

from services.chat.domain import clean
from services.chat.store import topics as store
from services.contracts.ids import new_id
from services.kernel.uow import UnitOfWork


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
    await store.add(uow, topic)
    uow.wrote_of(author_id)
    return topic
