"""Register, verify, and one's own profile."""

from fastapi import APIRouter
from starlette.responses import Response

from services.auth import store
from services.auth.api.models import Accepted, Profile, ProfileChange, Registration, Verification, profile_json
from services.auth.domain import User, new_code, normalised
from services.auth.handlers import accounts
from services.auth.handlers.passwords import Passwords
from services.contracts.errors import DomainError
from services.contracts.ids import new_id
from services.contracts.metrics import auth as declared
from services.kernel import security
from services.kernel.responses import JSON
from services.kernel.service import Service
from services.runtime.clock import wall


def router(service: Service, passwords: Passwords) -> APIRouter:
    """Everything about an account by its owner."""
    routes = APIRouter(tags=["auth"])
    database = service.database
    registrations = service.metrics.counter(declared.REGISTRATIONS)
    service.metrics.add(*passwords.instruments)

    @routes.post("/auth/register", status_code=202, response_model=Accepted)
    async def register(body: Registration) -> JSON:
        """Ask for an account; a code goes to the address. The answer is the same when it is taken."""
        password_hash = await passwords.hash(body.password)
        await database.transact(accounts.register, newcomer(body), password_hash, new_code())
        registrations.inc()
        return JSON({"status": "accepted"}, 202)

    @routes.post("/auth/verify", status_code=204)
    async def verify(body: Verification) -> Response:
        """Show that the address is one's own, by the code in the mail."""
        email = normalised(body.email)
        if not await database.transact(accounts.verify, email, body.code, service.settings.auth):
            raise DomainError("invalid_code", 403, "the code is wrong or too old", field="code")
        return Response(status_code=204)

    @routes.get("/me", response_model=Profile, tags=["me"])
    async def get_me(user: security.User) -> JSON:
        """Who I am."""
        found = await database.read_of(user.user_id, store.user, user.user_id)
        if found is None:
            raise DomainError("not_found", 404, "no such user")
        return JSON(profile_json(found))

    @routes.patch("/me", response_model=Profile, tags=["me"])
    async def patch_me(user: security.User, body: ProfileChange) -> JSON:
        """Change what I am called, my language, my time zone."""
        values = body.model_dump(exclude_unset=True)
        return JSON(profile_json(await database.transact(accounts.change_profile, user.user_id, values)))

    return routes


def newcomer(body: Registration) -> User:
    """The account that a registration asks for."""
    return User(
        id=new_id(),
        email=normalised(body.email),
        display_name=body.display_name,
        language=body.language,
        time_zone=body.time_zone,
        roles=frozenset({"trader"}),
        blocked=False,
        verified=None,
        created=wall(),
    )
