"""The chat over HTTP."""

from services.chat.api.routes import router

__all__ = ["router"]
