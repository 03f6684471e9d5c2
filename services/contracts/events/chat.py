"""Events of forum and chat; the aggregate is the topic."""

from typing import ClassVar

from services.contracts.chat import ChatMessage, Remover
from services.contracts.event import Event


class TopicEvent(Event):
    """Something that happened in one topic."""

    producer: ClassVar[str] = "chat"
    topic_id: str

    @property
    def key(self) -> str:
        return self.topic_id


class FirstMessagePosted(TopicEvent):
    """`MessagePosted` before there were replies and mentions; nobody publishes it any more."""

    name: ClassVar[str] = "message_posted"
    message_id: str
    author_id: str
    author: str
    text: str
    posted: int


class MessagePosted(TopicEvent):
    """A new message; ``author`` is the display name at that time."""

    name: ClassVar[str] = "message_posted"
    version: ClassVar[int] = 2
    message_id: str
    author_id: str
    author: str
    text: str
    posted: int
    reply_to: str | None = None
    mentions: tuple[str, ...] = ()
    """Users who are named in it."""


class MessageEdited(TopicEvent):
    """Its author changed the text; ``message`` is as it now stands."""

    name: ClassVar[str] = "message_edited"
    message: ChatMessage


class MessageReacted(TopicEvent):
    """Somebody thinks something of it, or no more; ``message`` counts all who do."""

    name: ClassVar[str] = "message_reacted"
    user_id: str
    kind: str
    message: ChatMessage


class MessageRemoved(TopicEvent):
    """Its author took it back, or a moderator removed it and says why; its text is gone."""

    name: ClassVar[str] = "message_removed"
    by: Remover
    message: ChatMessage


class UserMentioned(TopicEvent):
    """Somebody is named in a message, or in what has become of it; ``title`` is the topic's."""

    name: ClassVar[str] = "user_mentioned"
    user_id: str
    message_id: str
    author_id: str
    author: str
    title: str
    text: str

    @property
    def partition(self) -> str:
        return self.user_id
