"""The chat's tables: topics, messages, and a copy of who is called what."""

from typing import Any

from sqlalchemy import (
    Column,
    Index,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    bindparam,
    case,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.seeding import Batch, account_id, numbers
from services.kernel.columns import AMOUNT, ID, TIME
from services.kernel.inserts import insert_new_rows, upsert
from services.kernel.seals import seal
from services.kernel.state import StateQuery
from services.kernel.uow import UnitOfWork

metadata = MetaData()

topics = Table(
    "topics",
    metadata,
    Column("topic_id", ID, primary_key=True),
    Column("title", String(120), nullable=False),
    Column("author_id", ID, nullable=False),
    Column("created", TIME, nullable=False),
    Column("messages", AMOUNT, nullable=False),
    Column("active", TIME, nullable=False),
    seal("messages", "active"),
    Index("topics_active", "active", "topic_id"),
)
messages = Table(
    "messages",
    metadata,
    Column("message_id", ID, primary_key=True),
    Column("topic_id", ID, nullable=False),
    Column("author_id", ID, nullable=False),
    Column("text", Text, nullable=False),
    Column("posted", TIME, nullable=False),
    seal(),
    Index("messages_topic", "topic_id", "message_id"),
)
members = Table(
    "members",
    metadata,
    Column("user_id", ID, primary_key=True),
    Column("display_name", String(80), nullable=False),
)
STATE = {
    "topics": StateQuery(select(topics), (topics.c.topic_id,)),
    "messages": StateQuery(select(messages), (messages.c.message_id,)),
    "members": StateQuery(select(members), (members.c.user_id,)),
}

LATER = case((topics.c.active > bindparam("posted_at"), topics.c.active), else_=bindparam("posted_at"))
"""Of two messages at once the one that is committed last may have been posted first."""
ONE_MORE = (
    update(topics).where(topics.c.topic_id == bindparam("topic")).values(messages=topics.c.messages + 1, active=LATER)
)
TOLD = select(messages, members.c.display_name).outerjoin(members, members.c.user_id == messages.c.author_id)


async def add_topic(uow: UnitOfWork, topic: dict[str, Any]) -> None:
    """A new topic."""
    await uow.later(insert(topics), topic)


async def add_message(uow: UnitOfWork, message: dict[str, Any]) -> bool:
    """A new message, counted in its topic; False when there is no such topic."""
    counted = await uow.execute(ONE_MORE, {"topic": message["topic_id"], "posted_at": message["posted"]})
    if not counted.rowcount:
        return False
    await uow.later(insert(messages), message)
    return True


async def keep_member(uow: UnitOfWork, user_id: str, display_name: str) -> None:
    """Keep what a user is called."""
    await uow.later(upsert(members, uow.connection.dialect.name), {"user_id": user_id, "display_name": display_name})


async def seed(uow: UnitOfWork, batch: Batch) -> None:
    """Names of people who have always been there."""
    rows = [
        (account_id(batch.seed, number), each.display_name)
        for number, each in zip(numbers(batch), batch.people, strict=True)
    ]
    await insert_new_rows(uow, members, rows)


async def name_of(uow: UnitOfWork, user_id: str) -> str | None:
    """What a user is called; none for one whose profile has not come yet."""
    query = select(members.c.display_name).where(members.c.user_id == user_id)
    name: str | None = (await uow.execute(query)).scalar_one_or_none()
    return name


async def latest_topics(connection: AsyncConnection, before: tuple[int, str] | None, limit: int) -> list[RowMapping]:
    """Topics by their last message, newest first, one more than the limit."""
    query = select(topics).order_by(topics.c.active.desc(), topics.c.topic_id.desc()).limit(limit + 1)
    if before is not None:
        active, topic_id = before
        query = query.where((topics.c.active < active) | ((topics.c.active == active) & (topics.c.topic_id < topic_id)))
    return list((await connection.execute(query)).mappings())


async def find_topic(connection: AsyncConnection, topic_id: str) -> RowMapping | None:
    """A topic, if there is one."""
    return (await connection.execute(select(topics).where(topics.c.topic_id == topic_id))).mappings().one_or_none()


async def latest_messages(
    connection: AsyncConnection, topic_id: str, before: str | None, limit: int
) -> list[RowMapping]:
    """Messages of a topic with their authors' names, newest first, one more than the limit."""
    query = TOLD.where(messages.c.topic_id == topic_id).order_by(messages.c.message_id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(messages.c.message_id < before)
    return list((await connection.execute(query)).mappings())


async def messages_of(
    connection: AsyncConnection, topic_id: str, before: str | None, limit: int
) -> list[RowMapping] | None:
    """As `latest_messages`; none when there is no such topic."""
    if await find_topic(connection, topic_id) is None:
        return None
    return await latest_messages(connection, topic_id, before, limit)
