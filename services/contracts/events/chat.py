"""Events of forum and chat; the aggregate is the topic."""

from typing import ClassVar

from services.contracts.event import Event


class MessagePosted(Event):
    """A new message; ``author`` is the display name at that time."""

    name: ClassVar[str] = "message_posted"
    producer: ClassVar[str] = "chat"
    topic_id: str
    message_id: str
    author_id: str
    author: str
    text: str
    posted: int

    @property
    def key(self) -> str:
        return self.topic_id
