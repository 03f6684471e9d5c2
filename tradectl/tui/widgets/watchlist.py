"""The watchlist: a quote a row, which lights up when its price has changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message

from tradectl.tui.widgets.lined import Lined
from tradectl.tui.widgets.rows import Row
from tradectl.tui.widgets.watchlist_rows import Watched, heads_row, watched_row

FLASH = 0.6
"""Seconds for which a changed price is lit."""


@dataclass(slots=True)
class _Lit:
    """Which way the price went last, and until when (monotonic seconds) that is lit."""

    ink: str = ""
    until: float = 0.0


class Watchlist(Lined, can_focus=True):
    """Quotes of some instruments; up and down choose one, which is told at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("up", "move(-1)"),
        ("down", "move(1)"),
        ("pageup", "move(-10)"),
        ("pagedown", "move(10)"),
        ("home", "move(-9999)"),
        ("end", "move(9999)"),
    ]

    class Chosen(Message):
        """The cursor has come to another symbol."""

        def __init__(self, watchlist: "Watchlist", symbol: str) -> None:
            super().__init__()
            self.watchlist = watchlist
            self.symbol = symbol

        @property
        def control(self) -> "Watchlist":
            """The list whose cursor moved."""
            return self.watchlist

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.heads: Sequence[str] = ("Symbol", "Last", "%", "Bid", "Ask", "Volume")
        self._watched: dict[str, Watched] = {}
        self._lit: dict[str, _Lit] = {}
        self._chosen: str | None = None
        self._first = 0

    def set_symbols(self, watched: Sequence[Watched]) -> None:
        """What is on the list, in its order; the cursor stays where it is while its symbol is there."""
        self._watched = {each.symbol: each for each in watched}
        self._lit = {symbol: self._lit.get(symbol, _Lit()) for symbol in self._watched}
        if self._chosen not in self._watched:
            self._chosen = next(iter(self._watched), None)
        self.touch()

    def put(self, watched: Watched) -> None:
        """A quote as it is now; of a symbol that is not on the list, nothing."""
        before = self._watched.get(watched.symbol)
        if before is None or before == watched:
            return
        self._watched[watched.symbol] = watched
        if before.last is not None and watched.last is not None and before.last != watched.last:
            lit = self._lit[watched.symbol]
            lit.ink = "flash-up" if watched.last > before.last else "flash-down"
            lit.until = monotonic() + FLASH
        self.touch()

    @property
    def chosen(self) -> str | None:
        """The symbol under the cursor."""
        return self._chosen

    def choose(self, symbol: str) -> None:
        """The cursor to that symbol, without a message; one that is not there is left alone."""
        if symbol in self._watched:
            self._chosen = symbol
            self.repaint()

    def paint(self) -> None:
        """As every widget, and flashes go out when their time is over."""
        now = monotonic()
        for lit in self._lit.values():
            if lit.ink and lit.until <= now:
                lit.ink = ""
                self.touch()
        super().paint()

    def rows(self, width: int, height: int) -> list[Row]:
        """Headings, then a symbol a row; the cursor's is always in sight."""
        symbols = list(self._watched)
        room = max(height - 1, 1)
        at = symbols.index(self._chosen) if self._chosen in self._watched else 0
        self._first = max(min(self._first, at, max(len(symbols) - room, 0)), at - room + 1)
        return [
            heads_row(self.heads, width),
            *(
                watched_row(self._watched[each], width, self._lit[each].ink, each == self._chosen, self.alphabet)
                for each in symbols[self._first : self._first + room]
            ),
        ]

    def action_move(self, by: int) -> None:
        """The cursor down or up."""
        symbols = list(self._watched)
        if self._chosen in self._watched:
            self._go(symbols[max(0, min(symbols.index(self._chosen) + by, len(symbols) - 1))])

    def on_click(self, event: events.Click) -> None:
        """The cursor to that row."""
        at = event.get_content_offset(self)
        symbols = list(self._watched)
        if at is not None and at.y >= 1 and self._first + at.y - 1 < len(symbols):
            self._go(symbols[self._first + at.y - 1])

    def _go(self, symbol: str) -> None:
        if symbol != self._chosen:
            self._chosen = symbol
            self.repaint()
            self.post_message(self.Chosen(self, symbol))
