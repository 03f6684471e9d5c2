"""Topics: opened by anybody, pinned and locked by moderators."""

from collections.abc import Mapping
from typing import Any

from services.chat.domain import REASON, clean
from services.chat.handlers.rights import check_muted, log
from services.chat.store import topics as store
from services.contracts.errors import DomainError
from services.contracts.ids import new_id
from services.kernel.uow import UnitOfWork

KINDS = {
    ("pinned", True): "pin",
    ("pinned", False): "unpin",
    ("locked", True): "lock",
    ("locked", False): "unlock",
}


async def open_topic(uow: UnitOfWork, author_id: str, title: str, most: int) -> dict[str, Any]:
    """A new topic, without messages."""
    await check_muted(uow, author_id)
    topic = {
        "topic_id": new_id(),
        "title": clean(title, "title", most, lines=False),
        "author_id": author_id,
        "created": uow.wall,
        "messages": 0,
        "active": uow.wall,
        "pinned": 0,
        "locked": 0,
    }
    await store.add(uow, topic)
    uow.wrote_of(author_id)
    return topic


async def moderate(
    uow: UnitOfWork, topic_id: str, actor_id: str, change: Mapping[str, bool], reason: str
) -> dict[str, Any]:
    """Pin, lock, and back; each with a line in the log."""
    topic = await store.locked(uow, topic_id)
    if topic is None:
        raise DomainError("not_found", 404, "there is no such topic")
    why = clean(reason, "reason", REASON, lines=False)
    for name, wanted in change.items():
        if bool(topic[name]) != wanted:
            topic[name] = int(wanted)
            await log(uow, actor_id, KINDS[name, wanted], topic_id, why)
    await store.change(uow, topic)
    uow.wrote_of(actor_id)
    return dict(await store.find(uow.connection, topic_id, actor_id) or topic)
