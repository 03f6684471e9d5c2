"""What the routes take and give."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


def said(controls: str) -> dict[str, str]:
    """For the documentation: something that is no blank, and nothing of what the domain refuses."""
    return {"pattern": rf"^[^{controls}]*[^\s{controls}][^{controls}]*$"}


ONE_LINE, LINES = said(r"\x00-\x1f\x7f-\x9f"), said(r"\x00-\x08\x0b-\x1f\x7f-\x9f")


class NewTopic(BaseModel):
    """A topic to open; its title is one line of any Unicode but control characters."""

    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, Field(min_length=1, max_length=120, json_schema_extra={**ONE_LINE})]


Text = Annotated[str, Field(min_length=1, max_length=4000, json_schema_extra={**LINES})]
Id = Annotated[str, Field(pattern=r"^[0-9a-z]{26}$", examples=["01j4s9aq4n3v8q2r5t7w9y1z3b"])]
Reaction = Literal["like", "dislike", "laugh", "surprise", "bullish", "bearish"]


class NewText(BaseModel):
    """What a message shall say; any Unicode but control characters."""

    model_config = ConfigDict(extra="forbid")
    text: Text


class NewMessage(NewText):
    """A message to post; it may answer another one of the same topic."""

    reply_to: Id | None = None


class Topic(BaseModel):
    """A topic and how lively it is; ``unread`` counts the messages that a follower has not seen, and is else null."""

    id: str
    title: str
    author_id: str
    messages: int
    pinned: bool
    locked: bool
    following: bool
    unread: int | None
    created_at: str
    active_at: str


class TopicPage(BaseModel):
    """The pinned ones and then the liveliest, or where it says so the newest, first."""

    items: list[Topic]
    next: str | None


class Reading(BaseModel):
    """How far a follower has read; all there is, when no message is named."""

    model_config = ConfigDict(extra="forbid")
    up_to: Id | None = None


class Unread(BaseModel):
    """Messages that have not been read in topics that one follows, and in how many topics."""

    topics: int
    messages: int


class Removal(BaseModel):
    """Why a message has no text any more."""

    at: str
    by: Literal["author", "moderator"]
    reason: str | None


class Message(BaseModel):
    """A message with its author's name now, how many think what of it, and what the reader thinks.

    ``mentions`` are the ids of users who have been named in it, ``symbols`` what it is tagged with.
    """

    id: str
    topic_id: str
    author_id: str
    author: str
    text: str
    reply_to: str | None
    mentions: list[str]
    symbols: list[str]
    reactions: dict[str, int]
    posted_at: str
    edited_at: str | None
    removed: Removal | None
    my_reactions: list[Reaction]


class MessagePage(BaseModel):
    """Newest first."""

    items: list[Message]
    next: str | None
