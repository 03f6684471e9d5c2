"""Sessions: opened by a password, kept by single-use refresh tokens, ended by log-out, replay or block."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from services.auth import store
from services.auth.domain import check_may_log_in, digest, new_refresh_token
from services.auth.domain.guesses import Guesses
from services.auth.handlers import factors, guesses
from services.auth.store.factors import Factors
from services.contracts.clock import SECOND
from services.contracts.errors import DomainError
from services.contracts.events.auth import SessionsRevoked
from services.contracts.ids import new_id
from services.kernel.security import Principal
from services.kernel.settings import Auth
from services.kernel.uow import UnitOfWork


class InvalidCredentials(DomainError):
    """One answer to all who have no account, or not its password."""

    def __init__(self) -> None:
        super().__init__("invalid_credentials", 401, "address or password is wrong")


class Opened(NamedTuple):
    """Who may act in which session, and the token that the session goes on with."""

    principal: Principal
    refresh_token: str


async def log_in(
    uow: UnitOfWork,
    user_id: str,
    limits: Auth,
    stored: Factors,
    code: str | None = None,
    checked: str | None = None,
    agent: str | None = None,
) -> Opened | None:
    """A new session for a user whose password was right; None when the authenticator's code was not.

    That is a failed log-in and must be committed, so it is no exception. ``checked`` is the hash that the password was
    checked against: where it is another one by now, the password is an old one.
    """
    found = await store.locked_with_password(uow, user_id)
    if found is None or checked not in (None, found[1]):
        raise InvalidCredentials
    user, _ = found
    check_may_log_in(user)
    before = await guesses.check(uow, user.email)
    if not await factors.passes(uow, stored, user, code, limits):
        return None
    if before != Guesses():
        await guesses.clear(uow, user.email)
    await store.forget_expired(uow, user_id)
    session_id = new_id()
    expires = uow.wall + limits.session_lifetime * SECOND
    await store.add_session(uow, session_id, user_id, expires, agent)
    token = await add_token(uow, session_id, expires, limits)
    return Opened(Principal(user.id, session_id, user.roles), token)


async def refresh(uow: UnitOfWork, token: str, limits: Auth) -> Opened | None:
    """The session goes on with a new token; None when it does not. A token that was used before ends its session:

    one of its two users has stolen it, and nobody knows which. That must be committed, so it is no exception.
    """
    first_use = await store.use_refresh_token(uow, digest(token))
    found = await store.session_of_token(uow, digest(token))
    if found is None:
        return None
    session, used = found
    if not first_use:
        if used:
            await end(uow, session.user_id, [session.session_id], "replay")
        return None
    user = await store.locked_user(uow, session.user_id)
    if user is None or user.blocked or not await store.is_open(uow, session.session_id):
        return None
    new_token = await add_token(uow, session.session_id, session.expires, limits)
    return Opened(Principal(user.id, session.session_id, user.roles), new_token)


async def add_token(uow: UnitOfWork, session_id: str, session_expires: int, limits: Auth) -> str:
    """A refresh token, known to its holder alone."""
    token = new_refresh_token()
    expires = min(session_expires, uow.wall + limits.refresh_token_lifetime * SECOND)
    await store.add_refresh_token(uow, digest(token), session_id, expires)
    return token


async def end(
    uow: UnitOfWork,
    user_id: str,
    session_ids: Sequence[str],
    reason: Literal["logout", "replay", "blocked", "password"],
) -> None:
    """End sessions; those that were open are told to whoever checks tokens."""
    ended = [session_id for session_id in session_ids if await store.revoke_session(uow, session_id)]
    if ended:
        uow.emit(SessionsRevoked(user_id=user_id, session_ids=tuple(ended), reason=reason))


async def end_own(uow: UnitOfWork, user_id: str, session_id: str) -> None:
    """End one of a user's own sessions; again changes nothing, and another user's is not found."""
    if await store.owner_of(uow, session_id) != user_id:
        raise DomainError("not_found", 404, "there is no such session")
    await end(uow, user_id, [session_id], "logout")


async def end_all(uow: UnitOfWork, user_id: str, reason: Literal["logout", "blocked", "password"]) -> None:
    """End every session of a user."""
    await end(uow, user_id, await store.open_sessions(uow.connection, user_id), reason)
