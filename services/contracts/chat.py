"""A message as events and pages carry it."""

import re
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from services.contracts.times import rfc3339

UNNAMED = "?"
"""An author whose profile is still on its way."""
TAG = re.compile(r"(?<![\w$])\$([A-Za-z][A-Za-z0-9]{0,31}(?:[._-][A-Za-z0-9]+)*)", re.ASCII)
"""``$AAPL``; a sum of money is none."""
Remover = Literal["author", "moderator"]


class ChatMessage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The whole of it, after whatever became of it; times are wall time, microseconds. ``text`` goes with a removal."""

    message_id: str
    topic_id: str
    author_id: str
    author: str
    text: str
    posted: int
    reply_to: str | None = None
    edited: int | None = None
    removed: int | None = None
    removed_by: Remover | None = None
    reason: str | None = None
    reactions: dict[str, int] = {}
    """How many think so, by kind."""
    mentions: tuple[str, ...] = ()
    """Users who are named in it."""


def symbols_of(text: str) -> list[str]:
    """The symbols that a text is tagged with, each once, in their order."""
    return list(dict.fromkeys(symbol.upper() for symbol in TAG.findall(text)))


def message_of(row: Mapping[str, Any]) -> ChatMessage:
    """A message out of its row, its author's ``display_name`` and its ``reactions``, where they are known."""
    return ChatMessage(
        message_id=row["message_id"],
        topic_id=row["topic_id"],
        author_id=row["author_id"],
        author=row.get("display_name") or UNNAMED,
        text=row["text"],
        posted=row["posted"],
        reply_to=row.get("reply_to"),
        edited=row.get("edited"),
        removed=row.get("removed"),
        removed_by=row.get("removed_by"),
        reason=row.get("reason"),
        reactions=row.get("reactions", {}),
        mentions=tuple(row.get("mentions", ())),
    )


def message_json(message: ChatMessage) -> dict[str, object]:
    """The message as the API and the WebSocket show it to everybody."""
    removal = None
    if message.removed is not None:
        removal = {"at": rfc3339(message.removed), "by": message.removed_by, "reason": message.reason}
    return {
        "id": message.message_id,
        "topic_id": message.topic_id,
        "author_id": message.author_id,
        "author": message.author,
        "text": message.text,
        "reply_to": message.reply_to,
        "mentions": message.mentions,
        "symbols": symbols_of(message.text),
        "reactions": message.reactions,
        "posted_at": rfc3339(message.posted),
        "edited_at": None if message.edited is None else rfc3339(message.edited),
        "removed": removal,
    }
