"""Slack's incoming webhook: what it takes, and with which words it refuses the rest."""

import re
from collections.abc import Mapping
from typing import Any

from sim.chatops.room import Said

HOOK = re.compile(r"T[A-Z0-9]{8,12}/B[A-Z0-9]{8,12}/[A-Za-z0-9]{24}")
CHANNEL = re.compile(r"[#@]?[a-z0-9._-]{1,80}")
COLOUR = re.compile(r"good|warning|danger|#[0-9a-fA-F]{6}")
MOST_ATTACHMENTS, LONGEST = 100, 40_000
TEXTS = ("fallback", "pretext", "author_name", "title", "title_link", "text", "footer")
"""Of an attachment; each a string where it is there."""


class RefusedError(Exception):
    """A status and Slack's word for why."""

    def __init__(self, status: int, word: str) -> None:
        super().__init__(word)
        self.status = status


def check(hook: str, payload: object) -> Said:
    """What a call says; RefusedError as Slack would put it."""
    if not HOOK.fullmatch(hook):
        raise RefusedError(403, "invalid_token")
    if not isinstance(payload, Mapping):
        raise RefusedError(400, "invalid_payload")
    channel, text = payload.get("channel", ""), payload.get("text", "")
    if not isinstance(channel, str) or (channel and not CHANNEL.fullmatch(channel)):
        raise RefusedError(404, "channel_not_found")
    if not isinstance(text, str) or len(text) > LONGEST:
        raise RefusedError(400, "msg_too_long" if isinstance(text, str) else "invalid_payload")
    attachments = checked(payload.get("attachments") or [])
    if not text and not any(each.get("text") or each.get("title") for each in attachments):
        raise RefusedError(400, "no_text")
    title = next((str(each["title"]) for each in attachments if each.get("title")), text)
    texts = [text, *(str(each.get("text", "")) for each in attachments)]
    return Said(channel, title, "\n".join(filter(None, texts)).strip())


def checked(attachments: object) -> list[Mapping[str, Any]]:
    """Attachments whose every part is of its kind."""
    if not isinstance(attachments, list) or not all(isinstance(each, Mapping) for each in attachments):
        raise RefusedError(400, "invalid_attachments")
    if len(attachments) > MOST_ATTACHMENTS:
        raise RefusedError(400, "too_many_attachments")
    if not all(is_sound(each) for each in attachments):
        raise RefusedError(400, "invalid_attachments")
    return attachments


def is_sound(attachment: Mapping[str, Any]) -> bool:
    """Whether Slack would draw it as its sender means it."""
    texts = all(isinstance(attachment.get(name, ""), str) for name in TEXTS)
    colour = attachment.get("color", "")
    fields = attachment.get("fields") or []
    return (
        texts
        and isinstance(colour, str)
        and (not colour or COLOUR.fullmatch(colour) is not None)
        and isinstance(fields, list)
        and all(isinstance(each, Mapping) and {"title", "value"} <= each.keys() for each in fields)
    )
