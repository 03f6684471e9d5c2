"""Topics, and how lively each is."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, bindparam, case, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chat.store.tables import follows, topics
from services.kernel import seals
from services.kernel.uow import UnitOfWork

LATER = case((topics.c.active > bindparam("posted_at"), topics.c.active), else_=bindparam("posted_at"))
"""Of two messages at once the one that is committed last may have been posted first."""
ONE_MORE = (
    update(topics)
    .where(topics.c.topic_id == bindparam("topic"), topics.c.locked <= bindparam("even_locked"))
    .values(messages=topics.c.messages + 1, active=LATER)
)
LOCK = select(topics).where(topics.c.topic_id == bindparam("of_topic")).with_for_update()
CHANGE = (
    update(topics)
    .where(topics.c.topic_id == bindparam("of_topic"))
    .values({name: bindparam(f"new_{name}") for name in ("pinned", "locked", seals.NAME)})
)


SEEN = select(topics, follows.c.read).outerjoin(
    follows, (follows.c.topic_id == topics.c.topic_id) & (follows.c.user_id == bindparam("reader"))
)
"""With how much of it a reader has read, if she follows it."""


async def add(uow: UnitOfWork, topic: dict[str, Any]) -> None:
    """A new topic."""
    await uow.later(insert(topics), topic)


async def count_message(uow: UnitOfWork, topic_id: str, posted: int, *, even_locked: bool) -> bool:
    """One more message in a topic; False when there is no such topic, or it is locked."""
    counted = {"topic": topic_id, "posted_at": posted, "even_locked": int(even_locked)}
    return (await uow.execute(ONE_MORE, counted)).rowcount == 1


async def locked(uow: UnitOfWork, topic_id: str) -> dict[str, Any] | None:
    """A topic that nobody else changes until this transaction ends."""
    found = (await uow.execute(LOCK, {"of_topic": topic_id})).mappings().one_or_none()
    return None if found is None else dict(found)


async def change(uow: UnitOfWork, topic: Mapping[str, Any]) -> None:
    """Write whether a topic is pinned, and whether it is locked."""
    changed = {"new_pinned": topic["pinned"], "new_locked": topic["locked"], "new_seal": seals.of_row(topics, topic)}
    await uow.later(CHANGE, {"of_topic": topic["topic_id"], **changed})


async def latest(
    connection: AsyncConnection, before: tuple[int, int, str] | None, limit: int, reader: str
) -> list[RowMapping]:
    """Pinned topics, then the others; by their last message, newest first, one more than the limit."""
    order = (topics.c.pinned.desc(), topics.c.active.desc(), topics.c.topic_id.desc())
    query = SEEN.order_by(*order).limit(limit + 1)
    if before is not None:
        pinned, active, topic_id = before
        later = (topics.c.active < active) | ((topics.c.active == active) & (topics.c.topic_id < topic_id))
        query = query.where(topics.c.pinned <= pinned, (topics.c.pinned < pinned) | later)
    return list((await connection.execute(query, {"reader": reader})).mappings())


async def find(connection: AsyncConnection, topic_id: str, reader: str = "") -> RowMapping | None:
    """A topic, if there is one."""
    query = SEEN.where(topics.c.topic_id == topic_id)
    return (await connection.execute(query, {"reader": reader})).mappings().one_or_none()
