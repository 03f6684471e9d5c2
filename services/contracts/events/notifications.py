"""Events of notifications; the aggregate is the user."""

from typing import ClassVar

from services.contracts.event import Event


class NotificationCreated(Event):
    """An in-app notification, rendered in the user's language."""

    name: ClassVar[str] = "notification_created"
    producer: ClassVar[str] = "notifications"
    notification_id: str
    user_id: str
    kind: str
    title: str
    text: str
    created: int
    """Wall time, microseconds."""

    @property
    def key(self) -> str:
        return self.user_id
