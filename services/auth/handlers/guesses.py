"""Who tries passwords is stopped after a few, and the owner hears of it."""

from services.auth import store
from services.auth.domain import digest
from services.auth.domain.guesses import Guesses, Patience
from services.auth.store import guesses as guessed
from services.contracts.clock import SECOND
from services.contracts.events.auth import LoginLocked
from services.kernel.settings import Auth
from services.kernel.uow import UnitOfWork


async def fail(uow: UnitOfWork, email: str, limits: Auth) -> Guesses:
    """Count a failed log-in; as the address was before it, of which a lock is told in the place of the failure.

    Who guesses at many ends at once thereby learns of no guess after the lock whether it was right.
    """
    address = digest(email)
    before = await guessed.counting(uow, address)
    if before.locked_until > uow.wall:
        return before
    patience = patience_of(limits)
    after = before.after_failure(uow.wall, patience)
    await guessed.keep(uow, address, after, after.matters_until(patience))
    if after.locked_until:
        await tell(uow, email, after.locked_until, patience.most)
    return before


async def tell(uow: UnitOfWork, email: str, until: int, failures: int) -> None:
    """The lock's event, where somebody has shown that the address is his."""
    user = await store.user_of_address(uow, email)
    if user is not None and user.verified is not None:
        uow.emit(LoginLocked(user_id=user.id, failures=failures, until=until))


async def check(uow: UnitOfWork, email: str) -> Guesses:
    """What has failed so far; LoginLocked where that was too much."""
    before = await guessed.locked(uow, digest(email))
    before.check(uow.wall)
    return before


async def clear(uow: UnitOfWork, email: str) -> None:
    """Nothing counts any more."""
    await guessed.forget(uow, digest(email))


def patience_of(limits: Auth) -> Patience:
    """As the settings have it."""
    return Patience(most=limits.login_failures, window=limits.login_window * SECOND, lock=limits.login_lock * SECOND)
