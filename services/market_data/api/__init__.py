"""Market data over HTTP."""

from fastapi import APIRouter

from services.kernel.service import Service
from services.market_data.api.internal import internal
from services.market_data.api.routes import public
from services.market_data.gateway import Feed
from services.market_data.gateway.history import History
from services.market_data.gateway.provider import Provider


def router(service: Service, feed: Feed, provider: Provider, history: History) -> APIRouter:
    """What traders see, and what other services fetch."""
    routes = APIRouter()
    routes.routes += public(service, feed, provider, history).routes
    routes.routes += internal(service, feed, history).routes
    return routes
