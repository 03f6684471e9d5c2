"""A new password for who has forgotten the old one."""

from fastapi import APIRouter
from starlette.responses import Response

from services.auth.api.models import Accepted, Forgotten, Reset
from services.auth.domain import new_code, normalised
from services.auth.handlers import resets
from services.auth.handlers.passwords import Passwords
from services.contracts.errors import DomainError
from services.kernel.responses import JSON
from services.kernel.service import Service


def router(service: Service, passwords: Passwords) -> APIRouter:
    """Ask for a code by mail, and use it."""
    routes = APIRouter(prefix="/auth/password", tags=["auth"])
    database, limits = service.database, service.settings.auth

    @routes.post("/forgot", status_code=202, response_model=Accepted)
    async def forgot(body: Forgotten) -> JSON:
        """Ask for a code that sets a new password; it goes to the address, if an account has it. One a minute."""
        await database.transact(resets.forgotten, normalised(body.email), new_code(), limits)
        return JSON({"status": "accepted"}, 202)

    @routes.post("/reset", status_code=204)
    async def reset(body: Reset) -> Response:
        """Set a new password by the code in the mail. Every session of the account ends, and a lock on it."""
        password_hash = await passwords.hash(body.password)
        if not await database.transact(resets.reset, normalised(body.email), body.code, password_hash, limits):
            raise DomainError("invalid_code", 403, "the code is wrong or too old", field="code")
        return Response(status_code=204)

    return routes
