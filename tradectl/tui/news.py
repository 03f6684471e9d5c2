"""What the platform has notified the trader of; what was shown is read."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tradectl.desk.account import Notification
from tradectl.tui.dialogue import Dialogue
from tradectl.tui.words import t


class News(Dialogue[None]):
    """Newest first."""

    DEFAULT_CSS = """
    News { width: 90; max-width: 96%; max-height: 90%; }
    News VerticalScroll { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("N,enter", "close", "key.close")]
    FIRST: ClassVar[str] = "VerticalScroll"

    def __init__(self, told: Sequence[Notification]) -> None:
        super().__init__()
        self._told = told

    def compose(self) -> ComposeResult:
        self.border_title = t("key.news")
        with VerticalScroll():
            for each in self._told:
                style = "" if each.read else "bold $accent"
                at = (f"  {each.created_at:%Y-%m-%d %H:%M}\n", "$flat")
                yield Static(Content.assemble((each.title, style), at, each.text, "\n"))
            if not self._told:
                yield Static(t("pane.empty"))
