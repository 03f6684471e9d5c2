"""Topics, and how lively each is."""

from typing import Any

from sqlalchemy import RowMapping, bindparam, case, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chat.store.tables import follows, topics
from services.kernel.uow import UnitOfWork

LATER = case((topics.c.active > bindparam("posted_at"), topics.c.active), else_=bindparam("posted_at"))
"""Of two messages at once the one that is committed last may have been posted first."""
ONE_MORE = (
    update(topics).where(topics.c.topic_id == bindparam("topic")).values(messages=topics.c.messages + 1, active=LATER)
)


SEEN = select(topics, follows.c.read).outerjoin(
    follows, (follows.c.topic_id == topics.c.topic_id) & (follows.c.user_id == bindparam("reader"))
)
"""With how much of it a reader has read, if she follows it."""


async def add(uow: UnitOfWork, topic: dict[str, Any]) -> None:
    """A new topic."""
    await uow.later(insert(topics), topic)


async def count_message(uow: UnitOfWork, topic_id: str, posted: int) -> bool:
    """One more message in a topic; False when there is no such topic."""
    return (await uow.execute(ONE_MORE, {"topic": topic_id, "posted_at": posted})).rowcount == 1


async def latest(
    connection: AsyncConnection, before: tuple[int, str] | None, limit: int, reader: str
) -> list[RowMapping]:
    """Topics by their last message, newest first, one more than the limit."""
    query = SEEN.order_by(topics.c.active.desc(), topics.c.topic_id.desc()).limit(limit + 1)
    if before is not None:
        active, topic_id = before
        query = query.where((topics.c.active < active) | ((topics.c.active == active) & (topics.c.topic_id < topic_id)))
    return list((await connection.execute(query, {"reader": reader})).mappings())


async def find(connection: AsyncConnection, topic_id: str, reader: str = "") -> RowMapping | None:
    """A topic, if there is one."""
    query = SEEN.where(topics.c.topic_id == topic_id)
    return (await connection.execute(query, {"reader": reader})).mappings().one_or_none()
