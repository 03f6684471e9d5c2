"""The market screen: watchlist, candles, depth, trades.

- pane.py: ``MarketPane``, which knows the desk and what its keys do.
- shown.py: the desk's structs as what the widgets draw.
- head.py: the line over the chart.
"""

from tradectl.tui.screens.market.pane import MarketPane

__all__ = ["MarketPane"]
