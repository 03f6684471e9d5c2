"""Reports, and what moderators make of them; users who must not write for a while."""

from collections.abc import Mapping
from typing import Any

from services.chat.domain import REASON, clean
from services.chat.handlers.messages import locked
from services.chat.handlers.rights import log
from services.chat.store import members
from services.chat.store import moderation as store
from services.contracts.errors import DomainError
from services.contracts.ids import new_id
from services.kernel.uow import UnitOfWork


async def report(uow: UnitOfWork, message_id: str, reporter_id: str, reason: str) -> dict[str, Any]:
    """Ask moderators to look at a message; the first report of a user stands."""
    message = await locked(uow, message_id)
    row = {
        "report_id": new_id(),
        "message_id": message_id,
        "topic_id": message["topic_id"],
        "author_id": message["author_id"],
        "reporter_id": reporter_id,
        "reason": clean(reason, "reason", REASON, lines=False),
        "text": message["text"],
        "reported": uow.wall,
        "status": "open",
        "closed_by": None,
        "closed": None,
    }
    return dict(await store.report(uow, row))


async def dismiss(uow: UnitOfWork, report_id: str, actor_id: str, reason: str) -> Mapping[str, Any]:
    """A report leads to nothing."""
    found = await store.locked_report(uow, report_id)
    if found is None:
        raise DomainError("not_found", 404, "there is no such report")
    if found["status"] == "dismissed":
        return found
    if found["status"] != "open":
        raise DomainError("report_closed", 409, "its message is removed")
    await log(uow, actor_id, "dismiss", report_id, clean(reason, "reason", REASON, lines=False))
    uow.wrote_of(actor_id)
    return await store.close(uow, found, "dismissed", actor_id)


async def mute(uow: UnitOfWork, user_id: str, actor_id: str, until: int, reason: str) -> dict[str, Any]:
    """A user must not write until then, wall time in microseconds; 404 when there is no such user."""
    if until <= uow.wall:
        raise DomainError("invalid_time", 422, "until lies in the past", field="until")
    if await members.name_of(uow, user_id) is None:
        raise DomainError("not_found", 404, "there is no such user")
    why = clean(reason, "reason", REASON, lines=False)
    row = {"user_id": user_id, "until": until, "reason": why, "muted_by": actor_id, "since": uow.wall}
    await store.mute(uow, row)
    await log(uow, actor_id, "mute", user_id, why, until)
    uow.wrote_of(actor_id)
    return row


async def unmute(uow: UnitOfWork, user_id: str, actor_id: str) -> None:
    """She may write again; done twice it is as done once."""
    if await store.unmute(uow, user_id):
        await log(uow, actor_id, "unmute", user_id, "")
    uow.wrote_of(actor_id)
