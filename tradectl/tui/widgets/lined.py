"""A widget that is drawn line by line, and of which only those lines are drawn anew that have changed."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tradectl.tui.widgets.alphabet import Alphabet, chosen
from tradectl.tui.widgets.rows import INKS, Row, fitted

QUIET = frozenset({"dim", "faint"})
"""Inks that could not be read under the cursor."""


class Lined(Widget):
    """Holds state that may change thousands of times a second; whoever owns it calls ``paint`` ten times a second.

    A subclass says what its lines are (``rows``) and calls ``touch`` when its state has changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(INKS)
    DEFAULT_CSS = """
    Lined {
        width: 1fr; height: 1fr;
        & > .up { color: $success; }
        & > .down { color: $error; }
        & > .dim { color: $foreground 60%; }
        & > .grid { color: $foreground 22%; }
        & > .head { color: $foreground 55%; text-style: bold; }
        & > .strong { text-style: bold; }
        & > .first { color: $accent; }
        & > .second { color: $primary-lighten-2; }
        & > .third { color: $primary 60%; }
        & > .warn { color: $warning; }
        & > .bid-bar { background: $success 28%; }
        & > .ask-bar { background: $error 28%; }
        & > .flash-up { background: $success; color: $background; text-style: bold; }
        & > .flash-down { background: $error; color: $background; text-style: bold; }
        & > .mark { background: $accent; color: $background; text-style: bold; }
        & > .faint { text-style: dim; }
        & > .tag { text-style: reverse bold; }
        & > .cursor { background: $primary 30%; text-style: bold; }
    }
    Lined:focus > .cursor { background: $primary 55%; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._drawn: list[Row] = []
        self._touched = True
        self._styles_of: dict[str, Style] = {}

    @property
    def alphabet(self) -> Alphabet:
        """The characters that the terminal draws with."""
        return chosen()

    @abstractmethod
    def rows(self, width: int, height: int) -> Sequence[Row]:
        """What is to be seen, as plain data; lines that it does not give are blank."""

    def touch(self) -> None:
        """The state has changed: the next ``paint`` looks for lines that differ."""
        self._touched = True

    def paint(self) -> None:
        """Have those lines drawn that differ from what is shown; without a change of state it costs nothing."""
        if not self._touched or not self.is_attached:
            return
        self._touched = False
        width, height = self.size
        rows = self._laid_out(width, height)
        if len(self._drawn) != len(rows):
            self._drawn = rows
            self.refresh()
            return
        changed = [y for y, (was, now) in enumerate(zip(self._drawn, rows, strict=True)) if was != now]
        self._drawn = rows
        if changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    def repaint(self) -> None:
        """Touch and paint: for what a key has changed, which must be seen at once."""
        self.touch()
        self.paint()

    def render_line(self, y: int) -> Strip:
        """The line as it was last laid out."""
        width, height = self.size
        if len(self._drawn) != height:
            self._drawn = self._laid_out(width, height)
        row = self._drawn[y] if y < height else ()
        return Strip([Segment(text, self._style(ink)) for text, ink in fitted(row, width)], width)

    def on_resize(self) -> None:
        """Another size is another layout."""
        self._drawn = []
        self.repaint()

    def notify_style_update(self) -> None:
        """Colours may be others now."""
        super().notify_style_update()
        self._styles_of = {}

    def _laid_out(self, width: int, height: int) -> list[Row]:
        rows = list(self.rows(width, height))[:height] if width and height else []
        return rows + [()] * (height - len(rows))

    def _style(self, ink: str) -> Style:
        if ink not in self._styles_of:
            self._styles_of[ink] = self._found(ink)
        return self._styles_of[ink]

    def _found(self, ink: str) -> Style:
        """Later names over earlier ones; a name that says nothing of colour or background leaves it as it is."""
        style = self.rich_style
        names = ink.split()
        for name in (each for each in names if each not in QUIET or "cursor" not in names):
            rules = self.get_component_styles(name)
            blended = self.get_component_rich_style(name)
            style += Style(
                color=blended.color if rules.has_rule("color") else None,
                bgcolor=blended.bgcolor if rules.has_rule("background") else None,
            )
            style += rules.text_style
        return style
