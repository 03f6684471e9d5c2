"""What the platform has notified the trader of; what was shown is read."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tradectl.desk.account import Notification
from tradectl.tui.words import t


class News(ModalScreen[None]):
    """Newest first."""

    CSS = """
    News { align: center middle; }
    News > VerticalScroll { width: 90; max-width: 96%; height: auto; max-height: 90%; background: $surface;
        border: round $primary; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,N,enter", "dismiss", "key.close")]

    def __init__(self, told: Sequence[Notification]) -> None:
        super().__init__()
        self._told = told

    def compose(self) -> ComposeResult:
        with VerticalScroll() as scroll:
            scroll.border_title = t("key.news")
            for each in self._told:
                style = "" if each.read else "bold $accent"
                at = (f"  {each.created_at:%Y-%m-%d %H:%M}\n", "$flat")
                yield Static(Content.assemble((each.title, style), at, each.text, "\n"))
            if not self._told:
                yield Static(t("pane.empty"))
