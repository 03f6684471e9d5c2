"""Help: every key that does something where it was asked for."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static


class Help(ModalScreen[None]):
    """Keys with their words; closed by any of its own keys, or a click."""

    CSS = """
    Help { align: center middle; }
    Help > VerticalScroll { width: 64; max-width: 90%; height: auto; max-height: 90%; background: $surface;
        border: round $primary; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,enter", "dismiss", "key.close")]

    def __init__(self, title: str, keys: Iterable[tuple[str, str]], foot: str) -> None:
        super().__init__()
        self._title = title
        self._keys = list(keys)
        self._foot = foot

    def compose(self) -> ComposeResult:
        with VerticalScroll() as scroll:
            scroll.border_title = self._title
            for key, words in self._keys:
                yield Static(Content.assemble((f"{key:>8}  ", "bold $accent"), words))
            yield Static(Content.assemble(("\n" + self._foot, "$flat")))

    def on_click(self) -> None:
        _ = self.dismiss()
