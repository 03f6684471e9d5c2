"""Orders over HTTP."""

from fastapi import APIRouter

from services.kernel.service import Service
from services.orders.api import internal, routes
from services.orders.api.gateway import Gateway

__all__ = ["router"]


def router(service: Service, gateway: Gateway) -> APIRouter:
    """All of the service's routes; what they ask of the broker goes by the gateway."""
    made = routes.router(service, gateway)
    made.routes.extend(internal.router(service, gateway).routes)
    return made
