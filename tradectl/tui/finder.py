"""A list in which one finds by typing a few letters, and what is chosen is done."""

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.fuzzy import FuzzySearch
from textual.widgets import Input

from tradectl.tui.dialogue import Dialogue
from tradectl.tui.widgets.hits import Found, Hits
from tradectl.tui.words import t

MOST = 200
"""Hits that are listed."""


class Offer(NamedTuple):
    """What is listed, what it does, and a word on it."""

    title: str
    does: Callable[[], Any]
    hint: str = ""


class Finder(Dialogue[Offer]):
    """Finds among offers by fuzzy match, as one types; does what is chosen once it is closed."""

    DEFAULT_CSS = """
    Finder { width: 64; max-width: 96%; padding: 0; }
    Finder Input { padding: 0 1; background: $panel; }
    Finder Hits { height: 14; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("pagedown", "move(10)", show=False),
    ]
    FIRST: ClassVar[str] = "Input"

    def __init__(self, offers: list[Offer], prompt: str) -> None:
        super().__init__()
        self._offers = offers
        self._prompt = prompt
        self._listed = offers
        self._search = FuzzySearch()
        self._hits = Hits(id="hits", empty=t("palette.none"))

    def compose(self) -> ComposeResult:
        yield Input(placeholder=self._prompt, select_on_focus=False, compact=True)
        yield self._hits

    def on_mount(self) -> None:
        self._list("")

    @property
    def listed(self) -> list[Offer]:
        """What fits, best first."""
        return self._listed

    def action_move(self, by: int) -> None:
        """The cursor down or up."""
        self._hits.move(by)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._list(event.value.strip())

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self._pick(self._hits.at)

    @on(Hits.Picked)
    def _clicked(self, picked: Hits.Picked) -> None:
        self._pick(picked.at)

    def _pick(self, at: int) -> None:
        if at < len(self._listed):
            self.dismiss(self._listed[at])

    def _list(self, query: str) -> None:
        scored = [(*self._search.match(query, each.title), each) if query else (1.0, (), each) for each in self._offers]
        fitting = sorted((each for each in scored if each[0] > 0), key=lambda each: -each[0])[:MOST]
        self._listed = [offer for _, _, offer in fitting]
        self._hits.show([Found(offer.title, offer.hint, frozenset(letters)) for _, letters, offer in fitting])
