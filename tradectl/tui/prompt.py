"""One line that is asked for."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Input

from tradectl.tui.dialogue import Dialogue
from tradectl.tui.words import t


class Prompt(Dialogue[str]):
    """Ends with what was typed; without an answer where it was left."""

    DEFAULT_CSS = "Prompt { width: 60; }"
    FIRST: ClassVar[str] = "Input"

    def __init__(self, title: str, most: int, begun: str = "") -> None:
        """``title`` is a key of the words, ``most`` characters are taken, ``begun`` is there already."""
        super().__init__()
        self.border_title = t(title)
        self._most = most
        self._begun = begun

    def compose(self) -> ComposeResult:
        yield Input(self._begun, max_length=self._most, select_on_focus=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value.strip())
