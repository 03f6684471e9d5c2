"""Orders over HTTP."""

from services.orders.api.routes import router

__all__ = ["router"]
