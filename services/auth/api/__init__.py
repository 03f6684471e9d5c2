"""Auth over HTTP."""

from fastapi import APIRouter

from services.auth.api import access, accounts, internal, passwords, sessions, staff, totp, watchlists
from services.auth.handlers.keys import Keyring
from services.auth.handlers.passwords import Passwords
from services.kernel.service import Service

__all__ = ["router"]


def router(service: Service, hashing: Passwords, keyring: Keyring) -> APIRouter:
    """All of auth's routes."""
    routes = APIRouter()
    parts = (
        access.router(service, hashing, keyring),
        accounts.router(service, hashing),
        sessions.router(service),
        passwords.router(service, hashing),
        totp.router(service, hashing),
        watchlists.router(service),
        staff.router(service),
        internal.router(service),
    )
    for part in parts:
        routes.routes.extend(part.routes)
    return routes
