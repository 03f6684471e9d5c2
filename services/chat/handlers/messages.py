"""Messages: posted, edited for a while, taken back, and what others think of them.

A message's row is locked while it changes, so that each event tells all that had become of it by then.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.chat.domain import REASON, check_edit, clean, named, words_of
from services.chat.handlers.rights import check_muted, check_open, log, no_room
from services.chat.store import follows, members, moderation, topics, words
from services.chat.store import messages as store
from services.contracts.chat import UNNAMED, ChatMessage, Remover, message_of
from services.contracts.errors import DomainError
from services.contracts.events.chat import MessageEdited, MessagePosted, MessageReacted, MessageRemoved, UserMentioned
from services.contracts.ids import new_id
from services.kernel.uow import UnitOfWork

Row = dict[str, Any]


async def post(
    uow: UnitOfWork,
    topic_id: str,
    author_id: str,
    text: str,
    most: int,
    reply_to: str | None = None,
    *,
    moderator: bool = False,
) -> Row:
    """A new message in a topic; 404 when there is no such topic, 409 when it is locked to all but moderators."""
    await check_muted(uow, author_id)
    message: Row = {
        "message_id": new_id(),
        "topic_id": topic_id,
        "author_id": author_id,
        "text": clean(text, "text", most),
        "posted": uow.wall,
        "reply_to": reply_to,
    }
    if not await topics.count_message(uow, topic_id, uow.wall, even_locked=moderator):
        raise await no_room(uow, topic_id)
    if reply_to is not None and await store.place_of(uow, reply_to, removed=False) != topic_id:
        raise DomainError("unknown_message", 422, "there is no such message in this topic", field="reply_to")
    await store.add(uow, message)
    await words.keep(uow, message["message_id"], words_of(message["text"]))
    await follows.count_own(uow, author_id, topic_id)
    uow.wrote_of(author_id)
    author = await members.name_of(uow, author_id) or UNNAMED
    meant = await mention(uow, message, author, ())
    uow.emit(MessagePosted(author=author, mentions=tuple(meant), **message))
    return {**message, "display_name": author, "mentions": meant}


async def edit(uow: UnitOfWork, message_id: str, user_id: str, text: str, most: int, within: int) -> Row:
    """Other words for one's own message; ``within`` is how many seconds after posting it that may be done."""
    message = await locked(uow, message_id)
    check_edit(message, user_id, uow.wall, within)
    await check_open(uow, message["topic_id"], user_id)
    kept = clean(text, "text", most)
    if kept != message["text"]:
        await index(uow, message, kept)
        message |= {"text": kept, "edited": uow.wall}
        await store.change(uow, message)
        before = (await store.mentioned(uow.connection, [message_id]))[message_id]
        await mention(uow, message, await members.name_of(uow, user_id) or UNNAMED, before)
        uow.emit(MessageEdited(topic_id=message["topic_id"], message=await whole(uow, message)))
    uow.wrote_of(user_id)
    return await shown(uow, message, user_id)


async def index(uow: UnitOfWork, message: Row, text: str) -> None:
    """Have a message found by the words of another text."""
    before, after = words_of(message["text"]), words_of(text)
    await words.forget(uow, message["message_id"], before - after)
    await words.keep(uow, message["message_id"], after - before)


async def mention(uow: UnitOfWork, message: Row, author: str, before: Sequence[str]) -> list[str]:
    """Who is named in a message, besides its author and those who were before: each is told once."""
    meant = await members.called(uow, named(message["text"]))
    new = [each for each in meant if each != message["author_id"] and each not in before]
    await store.mention(uow, message["message_id"], new)
    topic = await topics.find(uow.connection, message["topic_id"]) if new else None
    for user_id in new:
        about = {name: message[name] for name in ("topic_id", "message_id", "author_id", "text")}
        uow.emit(UserMentioned(user_id=user_id, author=author, title=topic["title"] if topic else "", **about))
    return new


async def remove(
    uow: UnitOfWork, message_id: str, user_id: str, reason: str | None = None, *, moderator: bool = False
) -> Row:
    """Take one's own message back, or a moderator another's and say why: its place stays, its text goes.

    Done twice it is as done once.
    """
    message = await locked(uow, message_id, removed=True)
    own = message["author_id"] == user_id
    if not own and not moderator:
        raise DomainError("not_author", 403, "this is somebody else's message")
    if message["removed"] is None:
        by: Remover = "author" if own else "moderator"
        why = None if own else clean(reason or "", "reason", REASON, lines=False)
        await index(uow, message, "")
        message |= {"text": "", "removed": uow.wall, "removed_by": by, "reason": why}
        await store.change(uow, message)
        await moderation.close_reports(uow, message_id, "removed", user_id)
        if why is not None:
            await log(uow, user_id, "remove", message_id, why)
        uow.emit(MessageRemoved(topic_id=message["topic_id"], by=by, message=await whole(uow, message)))
    uow.wrote_of(user_id)
    return await shown(uow, message, user_id)


async def react(uow: UnitOfWork, message_id: str, user_id: str, kind: str) -> Row:
    """Think something of a message, once, however often it is said."""
    message = await locked(uow, message_id)
    await check_open(uow, message["topic_id"], user_id)
    if await store.react(uow, message_id, kind, user_id):
        await tell_reaction(uow, message, user_id, kind)
    uow.wrote_of(user_id)
    return await shown(uow, message, user_id)


async def take_back(uow: UnitOfWork, message_id: str, user_id: str, kind: str) -> Row:
    """Think so no more."""
    message = await locked(uow, message_id)
    if await store.take_back(uow, message_id, kind, user_id):
        await tell_reaction(uow, message, user_id, kind)
    uow.wrote_of(user_id)
    return await shown(uow, message, user_id)


async def tell_reaction(uow: UnitOfWork, message: Row, user_id: str, kind: str) -> None:
    """Say how many think what by now."""
    told = await whole(uow, message)
    uow.emit(MessageReacted(topic_id=message["topic_id"], user_id=user_id, kind=kind, message=told))


async def locked(uow: UnitOfWork, message_id: str, *, removed: bool = False) -> Row:
    """A message to be changed; one that is removed only where that may be."""
    message = await store.locked(uow, message_id)
    if message is None:
        raise DomainError("not_found", 404, "there is no such message")
    if message["removed"] is not None and not removed:
        raise DomainError("message_removed", 409, "this message is removed")
    return message


async def shown(uow: UnitOfWork, message: Mapping[str, Any], reader: str) -> Row:
    """The message with its author's name, who is named in it, what is thought of it, and what the reader thinks."""
    name = await members.name_of(uow, message["author_id"])
    (row,) = await store.with_thoughts(uow.connection, [{**message, "display_name": name}], reader)
    return row


async def whole(uow: UnitOfWork, message: Mapping[str, Any]) -> ChatMessage:
    """The message as its event tells it."""
    return message_of(await shown(uow, message, ""))
