"""One line that is asked for."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from tradectl.tui.words import t


class Prompt(ModalScreen[str]):
    """Ends with what was typed; with nothing where it was left."""

    CSS = """
    Prompt { align: center middle; }
    Prompt > Vertical { width: 60; max-width: 100%; height: auto; border: round $primary; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss('')", "key.close")]

    def __init__(self, title: str, most: int) -> None:
        super().__init__()
        self._title = title
        self._most = most

    def compose(self) -> ComposeResult:
        with Vertical() as form:
            form.border_title = t(self._title)
            yield Input(max_length=self._most)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        _ = self.dismiss(event.value.strip())
