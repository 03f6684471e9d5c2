"""The ideas screen: signals with their reasons, what there is for this trader, and what might have been."""

from tradectl.tui.screens.ideas.pane import IdeasPane

__all__ = ["IdeasPane"]
