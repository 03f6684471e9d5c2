"""The portfolio over HTTP."""

from fastapi import APIRouter

from services.kernel.service import Service
from services.portfolio.api import internal, routes

__all__ = ["router"]


def router(service: Service) -> APIRouter:
    """All of the service's routes."""
    made = routes.router(service)
    made.routes.extend(internal.router(service).routes)
    return made
