"""What is asked before a large order is sent."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tradectl.tui.lines import Line, Piece
from tradectl.tui.words import t


class Confirm(ModalScreen[bool]):
    """Shows what is about to be done, and goes with whether it is."""

    CSS = """
    Confirm { align: center middle; }
    Confirm > Vertical { width: 56; max-width: 95%; height: auto; background: $surface; border: round $warning;
        padding: 0 1; }
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
        with Vertical() as box:
            box.border_title = t("confirm.title")
            yield Static(self._text, markup=False)
            yield Answers()

    def action_answer(self, answer: bool) -> None:
        """Go with it."""
        _ = self.dismiss(answer)


class Answers(Line):
    """Yes and no, to be clicked."""

    def pieces(self) -> list[Piece]:
        return [
            Piece(" y ", "bold $accent", "screen.answer(True)"),
            Piece(f"{t('confirm.yes')}   ", "", "screen.answer(True)"),
            Piece(" n ", "bold $accent", "screen.answer(False)"),
            Piece(t("confirm.no"), "", "screen.answer(False)"),
        ]
