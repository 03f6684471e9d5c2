"""Market data over HTTP."""

from fastapi import APIRouter

from services.kernel.service import Service
from services.market_data.api.internal import internal
from services.market_data.api.routes import public
from services.market_data.api.sources import Sources

__all__ = ["Sources", "router"]


def router(service: Service, sources: Sources) -> APIRouter:
    """What traders see, and what other services fetch."""
    routes = APIRouter()
    routes.routes += public(service, sources).routes
    routes.routes += internal(service, sources).routes
    return routes
