"""Who moderates, and what moderators say."""

from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from services.chat.api.models import ONE_LINE
from services.kernel.security import Principal, role

MODERATORS = ("moderator", "admin")
Moderator = Annotated[Principal, Depends(role(*MODERATORS))]
Reason = Annotated[str, Field(min_length=1, max_length=500, json_schema_extra={**ONE_LINE})]
WhyRemoved = Annotated[str | None, Query(max_length=500, description="needed for another user's message")]
Status = Literal["open", "removed", "dismissed"]


def moderates(user: Principal) -> bool:
    """Whether the user may what moderators may, as the token says."""
    return not user.roles.isdisjoint(MODERATORS)


class TopicChange(BaseModel):
    """What is not named, or null, stays."""

    model_config = ConfigDict(extra="forbid", strict=True)
    pinned: bool | None = None
    locked: bool | None = None
    reason: Reason


class Complaint(BaseModel):
    """Why moderators should look at a message."""

    model_config = ConfigDict(extra="forbid")
    reason: Reason


class Dismissal(BaseModel):
    """A report that leads to nothing, and why."""

    model_config = ConfigDict(extra="forbid")
    status: Literal["dismissed"]
    reason: Reason


class NewMute(BaseModel):
    """Until when, in wall time, a user must not write, and why."""

    model_config = ConfigDict(extra="forbid")
    until: Annotated[
        str,
        Field(
            pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$",
            examples=["2030-01-01T00:00:00Z"],
        ),
    ]
    reason: Reason


class Receipt(BaseModel):
    """What a reporter sees of her report."""

    id: str
    message_id: str
    reason: str
    status: Status
    reported_at: str


class Report(Receipt):
    """What moderators see of it; ``text`` is what the message said then."""

    topic_id: str
    author_id: str
    reporter_id: str
    text: str
    closed_by: str | None
    closed_at: str | None


class ReportPage(BaseModel):
    """Newest first."""

    items: list[Report]
    next: str | None


class Mute(BaseModel):
    """A user who must not write for a while."""

    user_id: str
    until: str
    reason: str
    by: str
    since: str


class MutePage(BaseModel):
    """By user."""

    items: list[Mute]
    next: str | None


class Act(BaseModel):
    """What a moderator did; ``subject_id`` is a topic, a message, a report or a user."""

    id: str
    actor_id: str
    kind: Literal["pin", "unpin", "lock", "unlock", "remove", "dismiss", "mute", "unmute"]
    subject_id: str
    reason: str
    until: str | None
    at: str


class ActPage(BaseModel):
    """Newest first."""

    items: list[Act]
    next: str | None
