"""One module of events a producer."""

from services.contracts.events import (
    auth,
    chat,
    market_data,
    notifications,
    orders,
    portfolio,
    recommendations,
)

__all__ = ["auth", "chat", "market_data", "notifications", "orders", "portfolio", "recommendations"]
