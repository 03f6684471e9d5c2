"""Lines of text with places to click: tabs, status, keys."""

from typing import NamedTuple

from textual import events
from textual.content import Content
from textual.widget import Widget


class Piece(NamedTuple):
    """``style`` may name the theme's variables; a click on the text runs the app's ``action``."""

    text: str
    style: str = ""
    action: str = ""


class Line(Widget):
    """One row; a subclass says its pieces, which are asked for when it is drawn."""

    DEFAULT_CSS = "Line { height: 1; width: 1fr; }"

    def pieces(self) -> list[Piece]:
        """From left to right."""
        return []

    def render(self) -> Content:
        return Content.assemble(*((piece.text, piece.style) for piece in self.pieces()))

    async def on_click(self, event: events.Click) -> None:
        """Run what is clicked on."""
        column = event.x
        for piece in self.pieces():
            column -= Content(piece.text).cell_length
            if column < 0:
                if piece.action:
                    await self.app.run_action(piece.action)
                return


def width(pieces: list[Piece]) -> int:
    """In cells."""
    return sum(Content(piece.text).cell_length for piece in pieces)


def spread(left: list[Piece], right: list[Piece], cells: int) -> list[Piece]:
    """Both ends of a row; what does not fit is cut off the right end's beginning."""
    room = cells - width(left)
    while right and width(right) > room:
        right = right[1:]
    return [*left, Piece(" " * max(0, room - width(right))), *right]
