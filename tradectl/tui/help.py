"""Help: every key that does something where it was asked for."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tradectl.tui.dialogue import Dialogue
from tradectl.tui.keys import distinct
from tradectl.tui.words import t


class Help(Dialogue[None]):
    """Closed by any of its keys, or a click."""

    DEFAULT_CSS = """
    Help { width: 64; max-width: 90%; max-height: 90%; }
    Help VerticalScroll { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark,enter", "close", "key.close")]
    FIRST: ClassVar[str] = "VerticalScroll"

    def __init__(self, bindings: Mapping[str, ActiveBinding]) -> None:
        super().__init__()
        self._lines = [
            (active.binding.key_display or key, active.binding.description) for key, active in distinct(bindings)
        ]

    def compose(self) -> ComposeResult:
        self.border_title = t("help.title")
        with VerticalScroll():
            for key, description in self._lines:
                yield Static(Content.assemble((f"{key:>8}  ", "bold $accent"), t(description)))
            yield Static(Content.assemble(("\n" + t("help.mouse"), "$flat")))

    def on_click(self) -> None:
        self.dismiss()
