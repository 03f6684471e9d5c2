"""The trade screen: the ticket and the blotter."""

from textual.app import ComposeResult
from textual.widgets import Static

from tradectl.tui.pane import Pane
from tradectl.tui.words import t


class TradePane(Pane):
    """A place that is named and still empty."""

    name_of = "trade"

    def compose(self) -> ComposeResult:
        yield Static(t("pane.empty"))
