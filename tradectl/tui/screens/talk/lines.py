"""How topics, messages and mentions look in their lists."""

import re

from textual.content import Content

from tradectl.desk.account import FoundMessage, Message, Notification, Topic
from tradectl.tui.words import t

MARKED = re.compile(r"(?<!\w)([@$]\w[\w.]*)")
"""``@Ann`` and ``$AAPL``."""


def topic_line(topic: Topic) -> Content:
    """Its title, and how much of it is new."""
    new = f" +{topic.unread}" if topic.unread else ""
    signs = ("! " if topic.pinned else "") + ("# " if topic.locked else "")
    style = "bold" if topic.following else ""
    return Content.assemble((signs, "$warning"), (topic.title, style), (new, "bold $accent"))


def message_line(message: Message, replied: Message | None, reader: str) -> Content:
    """Who said what when, what it answers, and who likes it; what names the reader stands out."""
    named = reader in message.mentions
    author = (message.author, "bold $accent" if named else "bold $primary")
    head = Content.assemble(author, (f"  {message.posted_at:%m-%d %H:%M} ", "$flat"), edited(message))
    lines = [head]
    if replied is not None:
        lines.append(Content.styled(f"  > {replied.author}: {first_line(replied.text)}", "$flat italic"))
    lines.append(Content.styled(t("talk.removed"), "$flat italic") if message.removed else marked(message.text))
    if message.reactions:
        mine = message.my_reactions or ()
        said = [
            (f"{t(f'talk.reaction.{kind}')} {n}  ", "bold $success" if kind in mine else "$success")
            for kind, n in message.reactions.items()
            if n
        ]
        if said:
            lines.append(Content.assemble(*said))
    return Content("\n").join(lines)


def found_line(message: FoundMessage) -> Content:
    """A message, and where it was said."""
    where = Content.assemble((message.topic_title, "bold"), "  ")
    return where + message_line(message, None, "")


def mention_line(told: Notification) -> Content:
    """A mention, as its notification tells it."""
    style = "" if told.read else "bold"
    return Content.assemble((told.title, style), (f"  {told.created_at:%m-%d %H:%M}\n", "$flat"), told.text)


def edited(message: Message) -> tuple[str, str]:
    """A word on words that were changed."""
    return (t("talk.edited") if message.edited_at and not message.removed else "", "$flat italic")


def marked(text: str) -> Content:
    """Names and tags in colour."""
    parts = MARKED.split(text)
    return Content.assemble(*((part, "$accent" if n % 2 else "") for n, part in enumerate(parts)))


def first_line(text: str, width: int = 50) -> str:
    """As much as fits into a reference."""
    line = text.partition("\n")[0]
    return line if len(line) <= width else f"{line[: width - 1]}…"
