"""Log in, stay logged in, log out; the keys that tokens are checked with."""

from typing import Annotated

from fastapi import APIRouter, Header
from starlette.responses import Response

from services.auth import store
from services.auth.api.models import Credentials, Jwks, Refresh, Tokens
from services.auth.domain import User, check_may_log_in, digest, normalised
from services.auth.handlers import guesses, sessions
from services.auth.handlers.keys import Keyring
from services.auth.handlers.passwords import Passwords
from services.auth.handlers.sessions import InvalidCredentials, Opened
from services.auth.store import guesses as guessed
from services.auth.store.factors import Factors
from services.contracts.errors import DomainError
from services.contracts.metrics import auth as declared
from services.kernel import security
from services.kernel.outcomes import counted
from services.kernel.responses import JSON
from services.kernel.service import Service
from services.runtime.clock import wall

UserAgent = Annotated[str | None, Header(include_in_schema=False)]


def router(service: Service, passwords: Passwords, keyring: Keyring, stored: Factors) -> APIRouter:
    """Everything about sessions."""
    routes = APIRouter(tags=["auth"])
    database, limits = service.database, service.settings.auth
    log_ins, refreshes = service.metrics.counter(declared.LOG_INS), service.metrics.counter(declared.REFRESHES)

    def tokens(opened: Opened) -> JSON:
        answer = {
            "access_token": keyring.sign(opened.principal),
            "refresh_token": opened.refresh_token,
            "token_type": "Bearer",
            "expires_in": limits.access_token_lifetime,
        }
        return JSON(answer, headers={"Cache-Control": "no-store"})

    @routes.post("/auth/login", response_model=Tokens)
    async def login(body: Credentials, user_agent: UserAgent = None) -> JSON:
        """An access token of minutes and a refresh token to get the next one with.

        Where an authenticator is in use, `code` is its code or a recovery code; without one: 401 `totp_required`.
        """
        with counted(log_ins):
            user, checked = await known(service, passwords, body)
            check_may_log_in(user)
            agent = printable(user_agent)
            opened = await database.transact(sessions.log_in, user.id, limits, stored, body.code, checked, agent)
            if opened is None:
                raise DomainError("invalid_totp", 401, "the authenticator's code is wrong or was used", field="code")
        return tokens(opened)

    @routes.post("/auth/refresh", response_model=Tokens)
    async def refresh(body: Refresh) -> JSON:
        """New tokens for a refresh token, which is good once; a second use ends the session."""
        with counted(refreshes):
            opened = await database.transact(sessions.refresh, body.refresh_token, limits)
            if opened is None:
                raise DomainError("invalid_refresh_token", 401, "log in again", field="refresh_token")
        return tokens(opened)

    @routes.post("/auth/logout", status_code=204)
    async def logout(user: security.User) -> Response:
        """End this session."""
        await database.transact(sessions.end, user.user_id, [user.session_id], "logout")
        return Response(status_code=204)

    @routes.post("/auth/logout-all", status_code=204)
    async def logout_all(user: security.User) -> Response:
        """End all sessions of this user."""
        await database.transact(sessions.end_all, user.user_id, "logout")
        return Response(status_code=204)

    @routes.get("/.well-known/jwks.json", response_model=Jwks)
    async def jwks() -> JSON:
        """Public keys of access tokens (RFC 7517)."""
        return JSON({"keys": await keyring.published()})

    return routes


async def known(service: Service, passwords: Passwords, body: Credentials) -> tuple[User, str]:
    """The user with this address and password, and the hash that it was checked against.

    One answer, after one time, to all who are not; LoginLocked where too many have failed, whoever has the address.
    """
    email = normalised(body.email)
    async with service.database.reading() as connection:
        (await guessed.of(connection, digest(email))).check(wall())
        found = await store.with_password(connection, email)
    if not await passwords.check(found[1] if found else None, body.password) or found is None:
        before = await service.database.transact(guesses.fail, email, service.settings.auth)
        before.check(wall())
        raise InvalidCredentials
    return found


def printable(agent: str | None) -> str | None:
    """What a program calls itself, as far as it can be shown."""
    return "".join(each for each in agent if each.isprintable())[:200] if agent else None
