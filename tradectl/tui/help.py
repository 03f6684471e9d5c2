"""Help: every key that does something where it was asked for."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tradectl.tui.keys import distinct
from tradectl.tui.words import t


class Help(ModalScreen[None]):
    """Closed by any of its keys, or a click."""

    CSS = """
    Help { align: center middle; }
    Help > VerticalScroll { width: 64; max-width: 90%; height: auto; max-height: 90%; background: $surface;
        border: round $primary; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,enter", "dismiss", "key.close")]

    def __init__(self, bindings: Mapping[str, ActiveBinding]) -> None:
        super().__init__()
        self._lines = [
            (active.binding.key_display or key, active.binding.description) for key, active in distinct(bindings)
        ]

    def compose(self) -> ComposeResult:
        with VerticalScroll() as scroll:
            scroll.border_title = t("help.title")
            for key, description in self._lines:
                yield Static(Content.assemble((f"{key:>8}  ", "bold $accent"), t(description)))
            yield Static(Content.assemble(("\n" + t("help.mouse"), "$flat")))

    def on_click(self) -> None:
        _ = self.dismiss()
