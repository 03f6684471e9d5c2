"""The ideas screen: signals and backtests."""

from textual.app import ComposeResult
from textual.widgets import Static

from tradectl.tui.pane import Pane
from tradectl.tui.words import t


class IdeasPane(Pane):
    """A place that is named and still empty."""

    name_of = "ideas"

    def compose(self) -> ComposeResult:
        yield Static(t("pane.empty"))
