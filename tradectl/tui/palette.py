"""The palette: every action that has a key here, the screens, themes; and the search for a symbol."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider

from tradectl.tui import themes
from tradectl.tui.keys import distinct
from tradectl.tui.screens import PANES
from tradectl.tui.words import t

if TYPE_CHECKING:
    from tradectl.tui.app import Terminal

MOST = 40
"""Symbols that are listed before anything is typed."""


class Entry(NamedTuple):
    """What is listed, what it does, and a word on it."""

    title: str
    does: Callable[[], Any]
    hint: str = ""


class Listed(Provider):
    """Finds among entries by fuzzy match."""

    @property
    def terminal(self) -> "Terminal":
        """The app that it is in."""
        return cast("Terminal", self.app)

    def entries(self) -> Iterator[Entry]:
        """All there is."""
        yield from ()

    async def discover(self) -> Hits:
        for entry, _ in zip(self.entries(), range(MOST), strict=False):
            yield DiscoveryHit(entry.title, entry.does, help=entry.hint or None)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for entry in self.entries():
            score = matcher.match(entry.title)
            if score > 0:
                yield Hit(score, matcher.highlight(entry.title), entry.does, help=entry.hint or None)


class Actions(Listed):
    """Whatever a key does here, then screens, themes."""

    def entries(self) -> Iterator[Entry]:
        app = self.terminal
        for key, (node, binding, _, _) in distinct(self.screen.active_bindings):
            if not binding.action.startswith("go("):
                act = partial(app.run_action, binding.action, node)
                yield Entry(t(binding.description), act, t("palette.key", pressed=binding.key_display or key))
        for n, name in enumerate(PANES, 1):
            title = t("palette.go", name=t(f"{name}.title"))
            yield Entry(title, partial(app.action_go, name), t("palette.key", pressed=n))
        for name in themes.NAMES:
            yield Entry(t("palette.theme", name=t(f"theme.{name}")), partial(setattr, app, "theme", name))


class Symbols(Listed):
    """Instruments by symbol and name."""

    def entries(self) -> Iterator[Entry]:
        desk = self.terminal.desk
        for symbol, instrument in desk.state.instruments.items():
            yield Entry(f"{symbol}  {instrument.name}", partial(desk.look_at, symbol), instrument.currency)


def searching(provider: type[Provider], prompt: str) -> CommandPalette:
    """A palette of this provider alone."""
    return CommandPalette(providers=[provider], placeholder=prompt)
