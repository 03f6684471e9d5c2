"""What the staff does to accounts, each change with a line in the audit log."""

from services.auth import store
from services.auth.domain import Change, User, check_change
from services.auth.handlers.sessions import end_all
from services.contracts.errors import DomainError
from services.contracts.events.auth import UserBlocked
from services.contracts.ids import new_id
from services.kernel.uow import UnitOfWork


async def change_user(uow: UnitOfWork, actor_id: str, user_id: str, change: Change) -> User:
    """Give roles, block, unblock. What decides is the actor's row, not what his token says."""
    found = await store.locked_users(uow, actor_id, user_id)
    actor, user = found.get(actor_id), found.get(user_id)
    if actor is None or user is None:
        raise DomainError("not_found", 404, "no such user")
    check_change(actor, user, change)
    if change.roles is not None and change.roles != user.roles:
        await change_roles(uow, actor, user, change.roles)
    if change.blocked is not None and change.blocked != user.blocked:
        await change_blocked(uow, actor, user, change.blocked)
    changed = change.applied_to(user)
    if changed != user:
        uow.wrote_of(user.id)
        uow.emit(changed.profile())
    return changed


async def change_roles(uow: UnitOfWork, actor: User, user: User, roles: frozenset[str]) -> None:
    """The new roles stand in the tokens from the next refresh on."""
    await store.change_user(uow, user.id, {"roles": store.words(roles)})
    await log(uow, actor, user, "roles", store.words(user.roles), store.words(roles))


async def change_blocked(uow: UnitOfWork, actor: User, user: User, blocked: bool) -> None:
    """A blocked user's sessions end at once."""
    await store.change_user(uow, user.id, {"blocked": blocked})
    await log(uow, actor, user, "blocked", str(user.blocked).lower(), str(blocked).lower())
    uow.emit(UserBlocked(user_id=user.id, blocked=blocked, by=actor.id))
    if blocked:
        await end_all(uow, user.id, "blocked")


async def log(uow: UnitOfWork, actor: User, user: User, field: str, before: str, after: str) -> None:
    """One line of the audit log."""
    line = {"id": new_id(), "actor_id": actor.id, "user_id": user.id, "field": field}
    await store.log_change(uow, {**line, "before": before, "after": after})
