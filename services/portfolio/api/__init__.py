"""The portfolio over HTTP."""

from services.portfolio.api.routes import router

__all__ = ["router"]
