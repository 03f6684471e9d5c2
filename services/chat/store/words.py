"""The words of messages, by which they are found: an index of our own, the same on SQLite and MySQL."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import FromClause, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chat.store.tables import members, messages, topics, words
from services.kernel import seals
from services.kernel.inserts import insert_rows
from services.kernel.uow import UnitOfWork

FORGET = delete(words).where(words.c.word == bindparam("of_word"), words.c.message_id == bindparam("of_message"))


def rows_of(message_id: str, some: Iterable[str]) -> list[tuple[str, str, int]]:
    """Whole rows, sealed, in the order of the index."""
    return [(word, message_id, seals.of((word, message_id))) for word in sorted(some)]


async def keep(uow: UnitOfWork, message_id: str, some: Iterable[str]) -> None:
    """A message is found by these words from now on."""
    await insert_rows(uow, words, rows_of(message_id, some))


async def forget(uow: UnitOfWork, message_id: str, some: Iterable[str]) -> None:
    """And by these no more."""
    gone = [{"of_word": word, "of_message": message_id} for word in sorted(some)]
    if gone:
        await uow.later(FORGET, gone)


async def found(
    connection: AsyncConnection, wanted: Sequence[str], topic_id: str | None, before: str | None, limit: int
) -> list[dict[str, Any]]:
    """Messages with all of these words, newest first, one more than the limit; their topics' titles too.

    The first word's rows are read in the order of the answer, each looked up by the others. MySQL must be told, or it
    begins with the word of fewer rows and sorts.
    """
    first, *others = (words.alias(f"word_{number}") for number in range(len(wanted)))
    source: FromClause = first
    for other, word in zip(others, wanted[1:], strict=True):
        source = source.join(other, (other.c.word == word) & (other.c.message_id == first.c.message_id))
    source = source.join(messages, messages.c.message_id == first.c.message_id)
    source = source.join(topics, topics.c.topic_id == messages.c.topic_id)
    source = source.outerjoin(members, members.c.user_id == messages.c.author_id)
    query = select(messages, members.c.display_name, topics.c.title).select_from(source)
    query = query.prefix_with("STRAIGHT_JOIN", dialect="mysql")
    query = query.where(first.c.word == wanted[0]).order_by(first.c.message_id.desc()).limit(limit + 1)
    if topic_id is not None:
        query = query.where(messages.c.topic_id == topic_id)
    if before is not None:
        query = query.where(first.c.message_id < before)
    return [dict(row) for row in (await connection.execute(query)).mappings()]
