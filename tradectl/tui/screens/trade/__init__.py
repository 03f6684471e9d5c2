"""The trade screen: a ticket that says while one types what an order costs and what would refuse it; the blotter."""

from tradectl.tui.screens.trade.pane import TradePane

__all__ = ["TradePane"]
