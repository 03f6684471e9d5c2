"""A question before something that hurts."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tradectl.dash.colours import QUIET
from tradectl.dash.words import t


class Sure(ModalScreen[bool]):
    """True when it is meant."""

    DEFAULT_CSS = """
    Sure { align: center middle; }
    Sure > Vertical { width: 60; height: auto; border: heavy $warning; padding: 1 2; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "dismiss(True)", "key.yes"),
        Binding("n,escape", "dismiss(False)", "key.no"),
    ]

    def __init__(self, question: str, consequence: str = "") -> None:
        super().__init__()
        self._question = question
        self._consequence = consequence

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Text(self._question, "bold"))
            if self._consequence:
                yield Static(Text(self._consequence))
            yield Static(Text(f"\n{t('ask.keys')}", QUIET))
