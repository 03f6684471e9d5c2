"""Auth over HTTP."""

from fastapi import APIRouter

from services.auth.api import access, accounts, internal, staff, totp
from services.auth.handlers.keys import Keyring
from services.auth.handlers.passwords import Passwords
from services.kernel.service import Service

__all__ = ["router"]


def router(service: Service, passwords: Passwords, keyring: Keyring) -> APIRouter:
    """All of auth's routes."""
    routes = APIRouter()
    parts = (
        access.router(service, passwords, keyring),
        accounts.router(service, passwords),
        totp.router(service, passwords),
        staff.router(service),
        internal.router(service),
    )
    for part in parts:
        routes.routes.extend(part.routes)
    return routes
