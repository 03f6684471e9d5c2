"""The second factor: an authenticator's codes, switched on by its owner and asked for at each log-in from then on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.auth import store
from services.auth.domain import User, code_digest
from services.auth.domain.totp import SecondFactor
from services.auth.handlers import guesses
from services.auth.store import factors
from services.auth.store.cipher import OPTION, Cipher
from services.auth.store.factors import Factors
from services.contracts.errors import DomainError
from services.contracts.events.auth import SecondFactorChanged
from services.kernel.database import Database
from services.kernel.settings import Auth
from services.kernel.uow import UnitOfWork


async def enrol(uow: UnitOfWork, stored: Factors, user_id: str, secret: str, recovery_codes: Sequence[str]) -> User:
    """A new authenticator, asked for once it is confirmed; one that was not confirmed is forgotten."""
    user = await owner(uow, user_id)
    await guesses.check(uow, user.email)
    known = await stored.locked(uow, user_id)
    if known is not None and known.confirmed is not None:
        raise DomainError("totp_enabled", 409, "an authenticator is in use already: remove it first")
    digests = tuple(map(code_digest, recovery_codes))
    await stored.keep(uow, SecondFactor(user_id=user_id, secret=secret, created=uow.wall, recovery=digests))
    return user


async def confirm(uow: UnitOfWork, stored: Factors, user_id: str, code: str) -> None:
    """Switch it on, by a code that shows that the authenticator works."""
    await owner(uow, user_id)
    known = await stored.locked(uow, user_id)
    if known is None:
        raise DomainError("not_found", 404, "there is no authenticator to confirm: enrol one")
    if known.confirmed is not None:
        raise DomainError("totp_enabled", 409, "the authenticator is in use already")
    after = known.after(code, uow.wall)
    if after is None:
        raise DomainError("invalid_code", 403, "the code is wrong or too old", field="code")
    await stored.keep(uow, replace(after, confirmed=uow.wall))
    uow.emit(SecondFactorChanged(user_id=user_id, enabled=True))


async def remove(uow: UnitOfWork, stored: Factors, user_id: str, code: str, limits: Auth) -> bool:
    """Switch it off, by a code; whether the code was right. A wrong one counts as a failed log-in."""
    user = await owner(uow, user_id)
    await guesses.check(uow, user.email)
    known = await stored.locked(uow, user_id)
    if known is None or known.confirmed is None:
        raise DomainError("not_found", 404, "no authenticator is in use")
    if known.after(code, uow.wall) is None:
        await guesses.fail(uow, user.email, limits)
        return False
    await factors.forget(uow, user_id)
    uow.emit(SecondFactorChanged(user_id=user_id, enabled=False))
    return True


async def passes(uow: UnitOfWork, stored: Factors, user: User, code: str | None, limits: Auth) -> bool:
    """Whether the log-in of a user, whose row is locked, may go on; a wrong code counts as a failed log-in."""
    known = await stored.locked(uow, user.id)
    if known is None or known.confirmed is None:
        return True
    if code is None:
        raise DomainError("totp_required", 401, "this account asks for a code of its authenticator too", field="code")
    after = known.after(code, uow.wall)
    if after is None:
        await guesses.fail(uow, user.email, limits)
        return False
    await stored.keep(uow, after)
    return True


async def opened(database: Database, options: Mapping[str, str]) -> Factors:
    """All authenticators, whose secrets then lie encrypted; ValueError without a key."""
    stored = Factors(Cipher(options.get(OPTION, "")))
    await encrypt_all(database, stored)
    return stored


async def encrypt_all(database: Database, stored: Factors) -> None:
    """Those that were written before secrets were encrypted."""
    async with database.reading() as connection:
        plain = await factors.plain(connection)
    for user_id in plain:
        await database.transact(encrypt, stored, user_id)


async def encrypt(uow: UnitOfWork, stored: Factors, user_id: str) -> None:
    """Whatever is kept is encrypted; one that was removed meanwhile stays so."""
    known = await stored.locked(uow, user_id)
    if known is not None:
        await stored.keep(uow, known)


async def owner(uow: UnitOfWork, user_id: str) -> User:
    """The user, whose row is locked before the authenticator's."""
    user = await store.locked_user(uow, user_id)
    if user is None:
        raise DomainError("not_found", 404, "no such user")
    return user
