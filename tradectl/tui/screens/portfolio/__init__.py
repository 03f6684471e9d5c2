"""The portfolio screen: what there is, what it has earned, and what was done."""

from tradectl.tui.screens.portfolio.pane import PortfolioPane

__all__ = ["PortfolioPane"]
