"""Who follows which topic, and how much of it she has read: so many of its messages, the others are unread."""

from sqlalchemy import RowMapping, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chat.store.tables import follows, topics
from services.kernel.inserts import insert_if_new
from services.kernel.uow import UnitOfWork

OWN = (follows.c.user_id == bindparam("of_user"), follows.c.topic_id == bindparam("of_topic"))
ONE_MORE = update(follows).where(*OWN).values(read=follows.c.read + 1)
READ = update(follows).where(*OWN, follows.c.read < bindparam("so_many")).values(read=bindparam("so_many"))
FOLLOWED = (
    select(topics, follows.c.read)
    .select_from(follows)
    .join(topics, topics.c.topic_id == follows.c.topic_id)
    .where(follows.c.user_id == bindparam("of_user"))
)
UNREAD = (
    select(func.count(), func.coalesce(func.sum(topics.c.messages - follows.c.read), 0))
    .select_from(follows)
    .join(topics, topics.c.topic_id == follows.c.topic_id)
    .where(follows.c.user_id == bindparam("of_user"), topics.c.messages > follows.c.read)
)


async def add(uow: UnitOfWork, user_id: str, topic_id: str, read: int) -> None:
    """Follow a topic from now on, unless that is so already."""
    await insert_if_new(uow, follows, {"user_id": user_id, "topic_id": topic_id, "since": uow.wall, "read": read})


async def remove(uow: UnitOfWork, user_id: str, topic_id: str) -> None:
    """Follow it no more."""
    await uow.later(delete(follows).where(*OWN), {"of_user": user_id, "of_topic": topic_id})


async def count_own(uow: UnitOfWork, user_id: str, topic_id: str) -> None:
    """What a follower writes she has read."""
    await uow.later(ONE_MORE, {"of_user": user_id, "of_topic": topic_id})


async def read(uow: UnitOfWork, user_id: str, topic_id: str, so_many: int) -> None:
    """So many of its messages are read; never fewer than before."""
    await uow.later(READ, {"of_user": user_id, "of_topic": topic_id, "so_many": so_many})


async def page(connection: AsyncConnection, user_id: str, before: str | None, limit: int) -> list[RowMapping]:
    """The topics that a user follows, newest first, one more than the limit."""
    query = FOLLOWED.order_by(follows.c.topic_id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(follows.c.topic_id < before)
    return list((await connection.execute(query, {"of_user": user_id})).mappings())


async def unread(connection: AsyncConnection, user_id: str) -> tuple[int, int]:
    """In how many of these topics there is something new, and how many messages that are."""
    topics_with_news, new = (await connection.execute(UNREAD, {"of_user": user_id})).one()
    return int(topics_with_news), int(new)
