"""A question before something that hurts."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static


class Sure(ModalScreen[bool]):
    """True when it is meant."""

    DEFAULT_CSS = """
    Sure { align: center middle; }
    Sure > Vertical { width: 50; height: 5; border: heavy $warning; padding: 1 2; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "dismiss(True)", "Yes"),
        Binding("n,escape", "dismiss(False)", "No"),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Text.assemble(self._question, ("   y / n", "dim")))
