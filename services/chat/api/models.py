"""What the routes take and give."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


def said(controls: str) -> dict[str, str]:
    """For the documentation: something that is no blank, and nothing of what the domain refuses."""
    return {"pattern": rf"^[^{controls}]*[^\s{controls}][^{controls}]*$"}


ONE_LINE, LINES = said(r"\x00-\x1f\x7f-\x9f"), said(r"\x00-\x08\x0b-\x1f\x7f-\x9f")


class NewTopic(BaseModel):
    """A topic to open; its title is one line of any Unicode but control characters."""

    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, Field(min_length=1, max_length=120, json_schema_extra={**ONE_LINE})]


class NewMessage(BaseModel):
    """A message to post; any Unicode but control characters."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[str, Field(min_length=1, max_length=4000, json_schema_extra={**LINES})]


class Topic(BaseModel):
    """A topic and how lively it is."""

    id: str
    title: str
    author_id: str
    messages: int
    created_at: str
    active_at: str


class TopicPage(BaseModel):
    """The liveliest first."""

    items: list[Topic]
    next: str | None


class Message(BaseModel):
    """A message with its author's name now."""

    id: str
    topic_id: str
    author_id: str
    author: str
    text: str
    posted_at: str


class MessagePage(BaseModel):
    """Newest first."""

    items: list[Message]
    next: str | None
