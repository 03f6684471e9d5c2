"""Cells to draw in, each with a character and an ink."""

from itertools import groupby

from tradectl.tui.widgets.rows import Row


class Grid:
    """``width`` by ``height`` cells, at first blank; what falls outside is not drawn."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._chars = [[" "] * width for _ in range(height)]
        self._inks = [[""] * width for _ in range(height)]

    def put(self, x: int, y: int, char: str, ink: str) -> None:
        """One character."""
        if 0 <= x < self.width and 0 <= y < self.height:
            self._chars[y][x] = char
            self._inks[y][x] = ink

    def under(self, x: int, y: int, char: str, ink: str) -> None:
        """One character, where nothing stands yet."""
        if 0 <= x < self.width and 0 <= y < self.height and self._chars[y][x] == " ":
            self._chars[y][x] = char
            self._inks[y][x] = ink

    def text(self, x: int, y: int, text: str, ink: str) -> None:
        """Characters from there to the right."""
        for offset, char in enumerate(text):
            self.put(x + offset, y, char, ink)

    def rows(self) -> list[Row]:
        """Line by line, neighbours of one ink together."""
        return [_row(chars, inks) for chars, inks in zip(self._chars, self._inks, strict=True)]


def _row(chars: list[str], inks: list[str]) -> Row:
    spans = []
    start = 0
    for ink, cells in groupby(inks):
        end = start + sum(1 for _ in cells)
        spans.append(("".join(chars[start:end]), ink))
        start = end
    return tuple(spans)
