"""What a search has found: a title a row, with the letters that were looked for, and a word at the right."""

from collections.abc import Sequence
from typing import NamedTuple

from textual import events
from textual.message import Message

from tradectl.tui.widgets.lined import Lined
from tradectl.tui.widgets.rows import Row, Span, left, merged

HINT = 1
"""Blanks before and behind the word at the right."""


class Found(NamedTuple):
    """``letters`` are the places in the title that fit what was typed."""

    title: str
    hint: str = ""
    letters: frozenset[int] = frozenset()


class Hits(Lined):
    """Always as large as it is, so that nothing moves while somebody types."""

    class Picked(Message):
        """A click on a row."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    def __init__(self, *, id: str, empty: str) -> None:
        super().__init__(id=id)
        self.empty = empty
        self.at = 0
        """The row of the cursor."""
        self._listed: tuple[Found, ...] = ()
        self._first = 0

    def show(self, found: Sequence[Found]) -> None:
        """These instead, with the cursor on the first."""
        self._listed, self.at, self._first = tuple(found), 0, 0
        self.repaint()

    def move(self, by: int) -> None:
        """The cursor down or up."""
        self.at = max(0, min(self.at + by, len(self._listed) - 1))
        self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        if not self._listed:
            return [((self.empty, "dim"),)]
        self._first = max(min(self._first, self.at), self.at - height + 1)
        seen = self._listed[self._first : self._first + height]
        return [self._row(each, width, n == self.at) for n, each in enumerate(seen, self._first)]

    def on_click(self, event: events.Click) -> None:
        """That row it is."""
        at = event.get_content_offset(self)
        if at is not None and self._first + at.y < len(self._listed):
            self.post_message(self.Picked(self._first + at.y))

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves the cursor."""
        self.move(-1)

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the cursor."""
        self.move(1)

    @staticmethod
    def _row(found: Found, width: int, chosen: bool) -> Row:
        room = max(width - len(found.hint) - 2 * HINT, 1)
        spans: list[Span] = [(" ", "")]
        for n, letter in enumerate(left(found.title, room - 1)):
            spans.append((letter, "strong first" if n in found.letters else ""))
        spans += [(" " * HINT, ""), (found.hint, "dim"), (" " * HINT, "")]
        return merged((text, f"{ink} cursor".strip() if chosen else ink) for text, ink in spans)
