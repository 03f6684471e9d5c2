"""Recommendations over HTTP."""

from fastapi import APIRouter

from services.kernel.service import Service
from services.recommendations.api.advice import add_recommendations
from services.recommendations.api.backtests import add_backtests
from services.recommendations.api.popular import add_popular
from services.recommendations.api.signals import add_signals

__all__ = ["router"]


def router(service: Service) -> APIRouter:
    """Signals, backtests, what is traded most, what one user may want to look at."""
    routes = APIRouter(tags=["recommendations"])
    add_signals(routes, service)
    add_backtests(routes, service)
    add_popular(routes, service)
    add_recommendations(routes, service)
    return routes
