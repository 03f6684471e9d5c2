"""Market data by FIX: who asks for symbols is told their books and trades as they change."""

from sim.broker.market.session import HEARD, MarketSession

__all__ = ["HEARD", "MarketSession"]
