"""Who may write where, and the log of what moderators did about it."""

from services.chat.store import moderation, topics
from services.contracts.errors import DomainError
from services.contracts.ids import new_id
from services.contracts.times import rfc3339
from services.kernel.uow import UnitOfWork


async def check_muted(uow: UnitOfWork, user_id: str) -> None:
    """Refuse who is muted, and say until when and why."""
    mute = await moderation.muted(uow.connection, user_id, uow.wall)
    if mute is not None:
        raise DomainError("muted", 403, f"you are muted until {rfc3339(mute['until'])}: {mute['reason']}")


async def check_open(uow: UnitOfWork, topic_id: str, user_id: str) -> None:
    """Refuse who is muted, and everybody in a topic that is locked."""
    await check_muted(uow, user_id)
    topic = await topics.find(uow.connection, topic_id)
    if topic is not None and topic["locked"]:
        raise locked()


async def no_room(uow: UnitOfWork, topic_id: str) -> DomainError:
    """Why a message has no place in a topic."""
    if await topics.find(uow.connection, topic_id) is None:
        return DomainError("not_found", 404, "there is no such topic")
    return locked()


def locked() -> DomainError:
    return DomainError("topic_locked", 409, "this topic is locked")


async def log(
    uow: UnitOfWork, actor_id: str, kind: str, subject_id: str, reason: str, until: int | None = None
) -> None:
    """One line about what a moderator did."""
    line = {"act_id": new_id(), "actor_id": actor_id, "kind": kind, "subject_id": subject_id}
    await moderation.log(uow, {**line, "reason": reason, "until": until, "time": uow.wall})
