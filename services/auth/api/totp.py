"""An authenticator as a second factor: enrol it, confirm it, remove it."""

from fastapi import APIRouter
from starlette.responses import Response

from services.auth import store
from services.auth.api.models import Authenticator, Code, OwnPassword, Removal, SecondFactor
from services.auth.domain import digest
from services.auth.domain.totp import new_recovery_codes, new_secret, uri
from services.auth.handlers import factors, guesses
from services.auth.handlers.passwords import Passwords
from services.auth.store import guesses as guessed
from services.auth.store.factors import Factors
from services.contracts.errors import DomainError
from services.contracts.times import rfc3339
from services.kernel import security
from services.kernel.responses import JSON
from services.kernel.service import Service
from services.runtime.clock import wall

WRONG_CODE = "the code is wrong or was used"


def router(service: Service, passwords: Passwords, stored: Factors) -> APIRouter:
    """Everything about the second factor."""
    routes = APIRouter(prefix="/auth/totp", tags=["auth"])
    database, limits = service.database, service.settings.auth

    @routes.get("", response_model=SecondFactor)
    async def get_totp(user: security.User) -> JSON:
        """Whether an authenticator's code is asked for at log-in."""
        async with database.reading() as connection:
            found = await stored.of(connection, user.user_id)
        on = found is not None and found.confirmed is not None
        since = rfc3339(found.confirmed) if found is not None and found.confirmed is not None else None
        left = len(found.recovery) if found is not None and on else 0
        return JSON({"enabled": on, "confirmed_at": since, "recovery_codes_left": left})

    @routes.post("", status_code=201, response_model=Authenticator)
    async def enrol(user: security.User, body: OwnPassword) -> JSON:
        """A secret for an authenticator, and recovery codes; both count once a code has confirmed them.

        Again gives others, until then.
        """
        await check_password(service, passwords, user.user_id, body.password)
        secret, codes = new_secret(), new_recovery_codes()
        owner = await database.transact(factors.enrol, stored, user.user_id, secret, codes)
        answer = {"secret": secret, "uri": uri(secret, owner.email), "recovery_codes": codes}
        return JSON(answer, 201, headers={"Cache-Control": "no-store"})

    @routes.post("/confirm", status_code=204)
    async def confirm(user: security.User, body: Code) -> Response:
        """Ask for codes at log-in from now on; this one shows that the authenticator works."""
        await database.transact(factors.confirm, stored, user.user_id, body.code)
        return Response(status_code=204)

    @routes.post("/remove", status_code=204)
    async def remove(user: security.User, body: Removal) -> Response:
        """Ask for no code any more; by the password and a code, or a recovery code."""
        await check_password(service, passwords, user.user_id, body.password)
        if not await database.transact(factors.remove, stored, user.user_id, body.code, limits):
            raise DomainError("invalid_code", 403, WRONG_CODE, field="code")
        return Response(status_code=204)

    return routes


async def check_password(service: Service, passwords: Passwords, user_id: str, password: str) -> None:
    """Refuse who has a token and not the password; a wrong one counts as a failed log-in."""
    async with service.database.reading() as connection:
        found = await store.password_of(connection, user_id)
        if found is None:
            raise DomainError("not_found", 404, "no such user")
        user, stored_hash = found
        (await guessed.of(connection, digest(user.email))).check(wall())
    if not await passwords.check(stored_hash, password):
        before = await service.database.transact(guesses.fail, user.email, service.settings.auth)
        before.check(wall())
        raise DomainError("invalid_password", 403, "the password is wrong", field="password")
