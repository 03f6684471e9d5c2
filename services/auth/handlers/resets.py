"""A new password by a code in the mail; as much is done for an address that nobody has."""

from dataclasses import replace

from services.auth import store
from services.auth.domain import code_digest, digest
from services.auth.domain.resets import Reset
from services.auth.handlers import guesses
from services.auth.handlers.accounts import RENEW_AFTER
from services.auth.handlers.sessions import end_all
from services.auth.store import resets
from services.contracts.clock import SECOND
from services.contracts.events.auth import PasswordChanged, PasswordForgotten
from services.kernel.settings import Auth
from services.kernel.uow import UnitOfWork


async def forgotten(uow: UnitOfWork, email: str, code: str, limits: Auth) -> None:
    """A code for this address, unless one was sent just now; only its owner, if there is one, gets it."""
    address = digest(email)
    await resets.forget_old(uow)
    last = await resets.locked(uow, address)
    if last is not None and last.sent > uow.wall - RENEW_AFTER:
        return
    expires = uow.wall + limits.reset_lifetime * SECOND
    await resets.keep(uow, address, Reset(digest=code_digest(code), sent=uow.wall, expires=expires))
    user = await store.user_of_address(uow, email)
    if user is not None and user.verified is not None:
        uow.emit(PasswordForgotten(user_id=user.id, code=code))


async def reset(uow: UnitOfWork, email: str, code: str, password_hash: str, limits: Auth) -> bool:
    """Whether the code was right; a wrong one costs a try, so this must be committed too.

    Who was logged in is so no more, and who was locked out by failed log-ins may try again.
    """
    address = digest(email)
    asked = await resets.locked(uow, address)
    if asked is None or not asked.may_be_tried(uow.wall, limits.code_attempts):
        return False
    if asked.digest != code_digest(code):
        await resets.keep(uow, address, replace(asked, attempts=asked.attempts + 1))
        return False
    user = await store.user_of_address(uow, email)
    if user is None or user.verified is None:
        return False
    await resets.forget(uow, address)
    await store.change_user(uow, user.id, {"password_hash": password_hash})
    await guesses.clear(uow, email)
    uow.emit(PasswordChanged(user_id=user.id))
    await end_all(uow, user.id, "password")
    return True
