"""Messages, what becomes of them, and who thinks what of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chat.store import topics
from services.chat.store.tables import members, mentions, messages, reactions
from services.kernel import seals
from services.kernel.inserts import insert_if_new
from services.kernel.uow import UnitOfWork

Row = dict[str, Any]

TOLD = select(messages, members.c.display_name).outerjoin(members, members.c.user_id == messages.c.author_id)
FIND = TOLD.where(messages.c.message_id == bindparam("of_message"))
LOCK = select(messages).where(messages.c.message_id == bindparam("of_message")).with_for_update()
CHANGING = ("text", "edited", "removed", "removed_by", "reason")
CHANGE = (
    update(messages)
    .where(messages.c.message_id == bindparam("of_message"))
    .values({name: bindparam(f"new_{name}") for name in (*CHANGING, seals.NAME)})
)
THOUGHTS = (
    select(
        reactions.c.message_id,
        reactions.c.kind,
        func.count(),
        func.sum(case((reactions.c.user_id == bindparam("reader"), 1), else_=0)),
    )
    .where(reactions.c.message_id.in_(bindparam("ids", expanding=True)))
    .group_by(reactions.c.message_id, reactions.c.kind)
)
MENTIONED = select(mentions.c.message_id, mentions.c.user_id).where(
    mentions.c.message_id.in_(bindparam("ids", expanding=True))
)
TAKE_BACK = delete(reactions).where(
    reactions.c.message_id == bindparam("of_message"),
    reactions.c.kind == bindparam("of_kind"),
    reactions.c.user_id == bindparam("of_user"),
)


async def add(uow: UnitOfWork, message: Mapping[str, Any]) -> None:
    """A new message; its topic counts it elsewhere."""
    await uow.later(insert(messages), message)


async def locked(uow: UnitOfWork, message_id: str) -> Row | None:
    """A message that nobody else changes, or thinks anything of, until this transaction ends."""
    found = (await uow.execute(LOCK, {"of_message": message_id})).mappings().one_or_none()
    return None if found is None else dict(found)


async def place_of(uow: UnitOfWork, message_id: str, *, removed: bool = True) -> str | None:
    """The topic in which a message stands, also one that is removed unless it is said not to."""
    query = select(messages.c.topic_id).where(messages.c.message_id == message_id)
    if not removed:
        query = query.where(messages.c.removed.is_(None))
    topic_id: str | None = (await uow.execute(query)).scalar_one_or_none()
    return topic_id


async def newer(connection: AsyncConnection, topic_id: str, message_id: str) -> int:
    """How many messages of a topic came after one."""
    query = select(func.count()).where(messages.c.topic_id == topic_id, messages.c.message_id > message_id)
    return int((await connection.execute(query)).scalar_one())


async def change(uow: UnitOfWork, message: Mapping[str, Any]) -> None:
    """Write what has become of a locked message."""
    seal = seals.of_row(messages, message)
    changed = {f"new_{name}": message[name] for name in CHANGING} | {"new_seal": seal}
    await uow.later(CHANGE, {"of_message": message["message_id"], **changed})


async def mention(uow: UnitOfWork, message_id: str, user_ids: Sequence[str]) -> None:
    """Keep who is named in a message, besides those who were."""
    if user_ids:
        rows = [{"message_id": message_id, "user_id": each, "since": uow.wall} for each in user_ids]
        await uow.later(insert(mentions), rows)


async def mentioned(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, list[str]]:
    """By message: who has been named in it."""
    found: dict[str, list[str]] = {each: [] for each in ids}
    if found:
        for message_id, user_id in await connection.execute(MENTIONED, {"ids": list(found)}):
            found[message_id].append(user_id)
    return found


async def react(uow: UnitOfWork, message_id: str, kind: str, user_id: str) -> bool:
    """Keep what a user thinks of a message; whether that is new."""
    row = {"message_id": message_id, "kind": kind, "user_id": user_id, "since": uow.wall}
    return await insert_if_new(uow, reactions, row)


async def take_back(uow: UnitOfWork, message_id: str, kind: str, user_id: str) -> bool:
    """Forget what a user thought of a message; whether there was anything to forget."""
    this = {"of_message": message_id, "of_kind": kind, "of_user": user_id}
    return (await uow.execute(TAKE_BACK, this)).rowcount == 1


async def thoughts(
    connection: AsyncConnection, ids: Iterable[str], reader: str
) -> dict[str, tuple[dict[str, int], list[str]]]:
    """By message: how many think so, by kind, and what the reader thinks."""
    found: dict[str, tuple[dict[str, int], list[str]]] = {each: ({}, []) for each in ids}
    if found:
        for message_id, kind, many, mine in await connection.execute(THOUGHTS, {"ids": list(found), "reader": reader}):
            found[message_id][0][kind] = many
            found[message_id][1].extend([kind] if mine else [])
    return found


async def latest(connection: AsyncConnection, topic_id: str, before: str | None, limit: int) -> list[Row]:
    """Messages of a topic with their authors' names, newest first, one more than the limit."""
    query = TOLD.where(messages.c.topic_id == topic_id).order_by(messages.c.message_id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(messages.c.message_id < before)
    return [dict(row) for row in (await connection.execute(query)).mappings()]


async def page(
    connection: AsyncConnection, topic_id: str, before: str | None, limit: int, reader: str
) -> list[Row] | None:
    """As `latest`, with what people think of them; none when there is no such topic."""
    if await topics.find(connection, topic_id) is None:
        return None
    return await with_thoughts(connection, await latest(connection, topic_id, before, limit), reader)


async def find(connection: AsyncConnection, message_id: str, reader: str) -> Row | None:
    """One message, as its readers see it."""
    found = (await connection.execute(FIND, {"of_message": message_id})).mappings().one_or_none()
    return None if found is None else (await with_thoughts(connection, [dict(found)], reader))[0]


async def with_thoughts(connection: AsyncConnection, rows: list[Row], reader: str) -> list[Row]:
    """The rows with ``reactions``, ``mine`` and ``mentions``."""
    ids = [row["message_id"] for row in rows]
    known, named = await thoughts(connection, ids, reader), await mentioned(connection, ids)
    for row in rows:
        row["reactions"], row["mine"] = known[row["message_id"]]
        row["mentions"] = [] if row["removed"] else named[row["message_id"]]
    return rows
