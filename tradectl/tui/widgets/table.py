"""A table with a cursor that stays on its row whatever comes before it; columns that have no room are left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message

from tradectl.tui.widgets.lined import Lined
from tradectl.tui.widgets.rows import Row, Span, left, merged, right

GAP = 1
"""Cells between two columns."""


@dataclass(frozen=True)
class Column:
    """``width`` cells at least; of those that do not fit, the highest ``rank`` goes first.

    What is left over goes to the first column that is ``wide``."""

    title: str
    width: int
    rank: int = 0
    to_right: bool = False
    wide: bool = False


@dataclass(frozen=True)
class Entry:
    """A row: its key, a text and an ink a column."""

    key: str
    cells: tuple[Span, ...]


def fitting(columns: Sequence[Column], width: int) -> list[tuple[int, int]]:
    """Index and width of each column that is shown, from left to right."""
    kept = list(range(len(columns)))

    def needed() -> int:
        return sum(columns[each].width + GAP for each in kept) - GAP

    while len(kept) > 1 and needed() > width:
        kept.remove(max(kept, key=lambda each: (columns[each].rank, each)))
    spare = max(width - needed(), 0)
    grows = next((each for each in kept if columns[each].wide), None)
    return [(each, columns[each].width + (spare if each == grows else 0)) for each in kept]


class Table(Lined, can_focus=True):
    """Rows of plain data, given as a whole; up and down choose one, which is told at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("up,k", "move(-1)"),
        ("down,j", "move(1)"),
        ("pageup", "move(-10)"),
        ("pagedown", "move(10)"),
        ("home", "move(-99999)"),
        ("end", "move(99999)"),
        ("enter", "pick"),
    ]

    class Told(Message):
        """Something about one row."""

        def __init__(self, table: "Table", key: str) -> None:
            super().__init__()
            self.table = table
            self.key = key

        @property
        def control(self) -> "Table":
            """The table that it is in."""
            return self.table

    class Chosen(Told):
        """The cursor has come to another row."""

    class Picked(Told):
        """Enter, or a click on the cursor's row."""

    def __init__(self, columns: Sequence[Column] = (), *, id: str | None = None, empty: str = "") -> None:
        super().__init__(id=id)
        self.columns = tuple(columns)
        self.empty = empty
        self._entries: tuple[Entry, ...] = ()
        self._chosen: str | None = None
        self._at = 0
        self._first = 0

    def show(self, entries: Sequence[Entry]) -> None:
        """These rows instead; the cursor stays on its row, or on its place where that row is gone."""
        self._entries = tuple(entries)
        keys = [each.key for each in self._entries]
        if self._chosen in keys:
            self._at = keys.index(self._chosen)
        else:
            self._at = max(0, min(self._at, len(keys) - 1))
            self._chosen = keys[self._at] if keys else None
        self.touch()

    @property
    def chosen(self) -> str | None:
        """The key of the cursor's row."""
        return self._chosen

    def choose(self, key: str) -> None:
        """The cursor to that row, without a message."""
        keys = [each.key for each in self._entries]
        if key in keys:
            self._at, self._chosen = keys.index(key), key
            self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        """Headings, then the rows around the cursor."""
        shown = fitting(self.columns, width)
        heads = self._line([(column.title, "head") for column in self.columns], shown)
        if not self._entries:
            return [heads, ((self.empty, "dim"),)]
        room = max(height - 1, 1)
        last = max(len(self._entries) - room, 0)
        self._first = max(min(self._first, self._at, last), self._at - room + 1)
        seen = self._entries[self._first : self._first + room]
        return [heads, *(self._row(each, shown, width) for each in seen)]

    def _row(self, entry: Entry, shown: Sequence[tuple[int, int]], width: int) -> Row:
        row = self._line(entry.cells, shown)
        if entry.key != self._chosen:
            return row
        used = sum(len(text) for text, _ in row)
        return merged((text, f"{ink} cursor".strip()) for text, ink in (*row, (" " * (width - used), "")))

    def _line(self, cells: Sequence[Span], shown: Sequence[tuple[int, int]]) -> Row:
        spans: list[Span] = []
        for index, width in shown:
            text, ink = cells[index]
            spans.append(((right if self.columns[index].to_right else left)(text, width), ink))
            spans.append((" " * GAP, ""))
        return merged(spans[:-1])

    def action_move(self, by: int) -> None:
        """The cursor down or up."""
        self._go(self._at + by)

    def action_pick(self) -> None:
        """Tell that this row is the one."""
        if self._chosen is not None:
            self.post_message(self.Picked(self, self._chosen))

    def on_click(self, event: events.Click) -> None:
        """The cursor to that row; on the cursor's row it is picked."""
        at = event.get_content_offset(self)
        if at is None or at.y < 1 or self._first + at.y - 1 >= len(self._entries):
            return
        row = self._first + at.y - 1
        if row == self._at:
            self.action_pick()
        else:
            self._go(row)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.action_move(-1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.action_move(1)

    def _go(self, row: int) -> None:
        row = max(0, min(row, len(self._entries) - 1))
        if row != self._at and self._entries:
            self._at, self._chosen = row, self._entries[row].key
            self.repaint()
            self.post_message(self.Chosen(self, self._entries[row].key))
