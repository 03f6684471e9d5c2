"""The system screen: the sandbox: clock, feed, FIX, latency, faults."""

from textual.app import ComposeResult
from textual.widgets import Static

from tradectl.tui.pane import Pane
from tradectl.tui.words import t


class SystemPane(Pane):
    """A place that is named and still empty."""

    name_of = "system"

    def compose(self) -> ComposeResult:
        yield Static(t("pane.empty"))
