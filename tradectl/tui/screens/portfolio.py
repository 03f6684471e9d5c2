"""The portfolio screen: positions, cash, profit, trades."""

from textual.app import ComposeResult
from textual.widgets import Static

from tradectl.tui.pane import Pane
from tradectl.tui.words import t


class PortfolioPane(Pane):
    """A place that is named and still empty."""

    name_of = "portfolio"

    def compose(self) -> ComposeResult:
        yield Static(t("pane.empty"))
