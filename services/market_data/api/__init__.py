"""Market data over HTTP."""

from services.market_data.api.internal import internal
from services.market_data.api.routes import router

__all__ = ["internal", "router"]
