"""Notifications over HTTP."""

from services.notifications.api.routes import router

__all__ = ["router"]
