"""Auth over HTTP."""

from fastapi import APIRouter

from services.auth.api import access, accounts, internal, passwords, sessions, staff, totp, watchlists
from services.auth.handlers.keys import Keyring
from services.auth.handlers.passwords import Passwords
from services.auth.store.factors import Factors
from services.kernel.service import Service

__all__ = ["router"]


def router(service: Service, hashing: Passwords, keyring: Keyring, stored: Factors) -> APIRouter:
    """All of auth's routes."""
    routes = APIRouter()
    parts = (
        access.router(service, hashing, keyring, stored),
        accounts.router(service, hashing),
        sessions.router(service),
        passwords.router(service, hashing),
        totp.router(service, hashing, stored),
        watchlists.router(service),
        staff.router(service),
        internal.router(service),
    )
    for part in parts:
        routes.routes.extend(part.routes)
    return routes
