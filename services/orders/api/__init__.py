"""Orders over HTTP."""

from collections.abc import Callable

from fastapi import APIRouter

from services.kernel.service import Service
from services.orders.api import internal, routes

__all__ = ["router"]


def router(service: Service, wake: Callable[[], None]) -> APIRouter:
    """All of the service's routes; ``wake`` tells the gateway that something waits for it."""
    made = routes.router(service, wake)
    made.routes.extend(internal.router(service).routes)
    return made
