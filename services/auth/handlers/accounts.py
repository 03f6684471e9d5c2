"""An account from its registration to its profile's last change."""

from collections.abc import Mapping

from services.auth import store
from services.auth.domain import User, code_digest, normalised
from services.auth.handlers.passwords import Passwords
from services.contracts.clock import SECOND
from services.contracts.errors import DomainError
from services.contracts.events.auth import UserRegistered, UserVerified
from services.contracts.ids import new_id
from services.kernel.database import Database
from services.kernel.settings import Auth
from services.kernel.uow import UnitOfWork

RENEW_AFTER = 60 * SECOND
"""Wall time between two codes for one address: nobody's mailbox is filled by strangers."""


async def register(uow: UnitOfWork, new: User, password_hash: str, code: str) -> None:
    """A new account, not verified yet. Nothing tells the caller that the address was taken.

    Who has not verified may begin anew with another password and another code; the code goes to the address alone.
    """
    account: User | None = new
    if not await store.add_user(uow, new, password_hash, code_digest=code_digest(code)):
        account = await renewed(uow, new, password_hash, code)
    if account is not None:
        tell_of_registration(uow, account, code)


async def renewed(uow: UnitOfWork, new: User, password_hash: str, code: str) -> User | None:
    """The account that nobody has verified yet, as if it were registered only now; None where it is too late."""
    values = {
        "password_hash": password_hash,
        "display_name": new.display_name,
        "language": new.language,
        "time_zone": new.time_zone,
        "code_digest": code_digest(code),
    }
    if not await store.renew_registration(uow, new.email, uow.wall - RENEW_AFTER, values):
        return None
    return await store.user_of_address(uow, new.email)


def tell_of_registration(uow: UnitOfWork, account: User, code: str) -> None:
    """The mail with the code, and the profile for who keeps a copy."""
    profile = account.profile()
    uow.emit(
        UserRegistered(
            user_id=account.id,
            email=account.email,
            display_name=account.display_name,
            language=profile.language,
            code=code,
        )
    )
    uow.emit(profile)


async def verify(uow: UnitOfWork, email: str, code: str, limits: Auth) -> bool:
    """Whether the code was right; a wrong one costs a try, so this must be committed too."""
    alive = uow.wall - limits.code_lifetime * SECOND
    account = await store.user_of_address(uow, email)
    if account is None or not await store.count_attempt(uow, email, alive, limits.code_attempts):
        return False
    if not await store.mark_verified(uow, email, code_digest(code)):
        return False
    uow.wrote_of(account.id)
    uow.emit(UserVerified(user_id=account.id))
    return True


async def change_profile(uow: UnitOfWork, user_id: str, values: Mapping[str, str]) -> User:
    """What users may change of themselves: display name, language, time zone."""
    if values:
        await store.change_user(uow, user_id, values)
        uow.wrote_of(user_id)
    user = await store.locked_user(uow, user_id)
    if user is None:
        raise DomainError("not_found", 404, "no such user")
    if values:
        uow.emit(user.profile())
    return user


async def first_admin(database: Database, passwords: Passwords, options: Mapping[str, str]) -> None:
    """Make the admin that the host names, at the first start; without a name and a password there is none."""
    email, password = options.get("admin_email"), options.get("admin_password")
    if not email or not password:
        return
    async with database.reading() as connection:
        known = await store.with_password(connection, normalised(email))
    if known is None:
        await database.transact(make_admin, email, await passwords.hash(password))


async def make_admin(uow: UnitOfWork, email: str, password_hash: str) -> None:
    """The sandbox's first admin; an address that is known stays as it is."""
    admin = User(
        id=new_id(),
        email=normalised(email),
        display_name="Admin",
        language="en",
        time_zone="UTC",
        roles=frozenset({"admin"}),
        blocked=False,
        verified=uow.wall,
        created=uow.wall,
    )
    if await store.add_user(uow, admin, password_hash):
        uow.emit(admin.profile())
