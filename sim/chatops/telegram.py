"""Telegram's sendMessage, as its Bot API describes it: what it takes, and with which words it refuses the rest."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser

from sim.chatops.room import Said

TOKEN = re.compile(r"\d{6,12}:[\w-]{35}", re.ASCII)
CHAT = re.compile(r"-?\d{1,19}|@\w{5,32}", re.ASCII)
LONGEST = 4_096
"""Characters of a text, its markup not counted."""
UNPARSED = "Bad Request: can't parse entities"
MODES = ("", "HTML", "Markdown", "MarkdownV2")
TAGS = frozenset(
    ["b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre", "blockquote", "tg-spoiler"]
)


class RefusedError(Exception):
    """Telegram's ``error_code`` and ``description``."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status


def check(token: str, payload: object) -> Said:
    """What a call says; RefusedError as Telegram would put it. Numbers may come as strings: forms have nothing else."""
    if not TOKEN.fullmatch(token):
        raise RefusedError(401, "Unauthorized")
    if not isinstance(payload, Mapping):
        raise RefusedError(400, "Bad Request: the body is no object")
    chat = str(payload.get("chat_id", ""))
    if not CHAT.fullmatch(chat):
        raise RefusedError(400, "Bad Request: chat not found" if chat else "Bad Request: chat_id is empty")
    text = payload.get("text")
    if not isinstance(text, str) or not text.strip():
        raise RefusedError(400, "Bad Request: message text is empty")
    plain = shown(text, str(payload.get("parse_mode", "")))
    if len(plain) > LONGEST:
        raise RefusedError(400, "Bad Request: message is too long")
    title, _, rest = plain.strip().partition("\n")
    return Said(chat, title, rest.strip())


def shown(text: str, mode: str) -> str:
    """The text as a reader sees it."""
    if mode not in MODES:
        raise RefusedError(400, "Bad Request: unsupported parse_mode")
    if mode != "HTML":
        return text
    reader = Reader()
    reader.feed(text)
    reader.close()
    if reader.open:
        raise RefusedError(400, f"{UNPARSED}: Can't find end tag corresponding to start tag {reader.open[-1]}")
    return "".join(reader.text)


class Reader(HTMLParser):
    """The few tags that Telegram knows, each closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise RefusedError(400, f'{UNPARSED}: Unsupported start tag "{tag}"')
        if tag == "a" and not dict(attrs).get("href"):
            raise RefusedError(400, f"{UNPARSED}: a link without an address")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise RefusedError(400, f'{UNPARSED}: Unexpected end tag "{tag}"')

    def handle_data(self, data: str) -> None:
        self.text.append(data)
