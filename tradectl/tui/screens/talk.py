"""The talk screen: topics, messages, mentions."""

from textual.app import ComposeResult
from textual.widgets import Static

from tradectl.tui.pane import Pane
from tradectl.tui.words import t


class TalkPane(Pane):
    """A place that is named and still empty."""

    name_of = "talk"

    def compose(self) -> ComposeResult:
        yield Static(t("pane.empty"))
