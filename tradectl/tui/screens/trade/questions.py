"""What is asked before a large order is sent."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from tradectl.tui.dialogue import Dialogue
from tradectl.tui.lines import Line, Piece
from tradectl.tui.words import t


class Confirm(Dialogue[bool]):
    """Shows what is about to be done, and goes with whether it is."""

    DEFAULT_CSS = """
    Confirm { width: 56; max-width: 95%; border: round $warning; }
    Confirm Line { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "answer(True)", "confirm.yes"),
        Binding("n,escape,q", "answer(False)", "confirm.no"),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        self.border_title = t("confirm.title")
        yield Static(self._text, markup=False)
        yield Answers()

    def action_answer(self, answer: bool) -> None:
        """Go with it."""
        self.dismiss(answer)


class Answers(Line):
    """Yes and no, to be clicked."""

    def pieces(self) -> list[Piece]:
        return [
            Piece(" y ", "bold $accent", "app.press('y')"),
            Piece(f"{t('confirm.yes')}   ", "", "app.press('y')"),
            Piece(" n ", "bold $accent", "app.press('n')"),
            Piece(t("confirm.no"), "", "app.press('n')"),
        ]
