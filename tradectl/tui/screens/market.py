"""The market screen: what the market shows: watchlist, candles, depth, trades."""

from textual.app import ComposeResult
from textual.widgets import Static

from tradectl.tui.pane import Pane
from tradectl.tui.words import t


class MarketPane(Pane):
    """A place that is named and still empty."""

    name_of = "market"

    def compose(self) -> ComposeResult:
        yield Static(t("pane.empty"))
