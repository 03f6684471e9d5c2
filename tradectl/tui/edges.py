"""The lines around the panes: tabs above; status and keys below."""

import time
from collections.abc import Container
from typing import TYPE_CHECKING, cast

from textual.binding import Binding
from textual.widgets import Input

from tradectl.looks.glyphs import g
from tradectl.tui.figures import number
from tradectl.tui.keys import distinct, is_text
from tradectl.tui.lines import Line, Piece, spread, width
from tradectl.tui.screens import PANES
from tradectl.tui.words import t

if TYPE_CHECKING:
    from tradectl.tui.app import Terminal

STYLES = {"live": "bold $up", "connecting": "$warning", "cut": "bold $error", "off": "$flat"}
PINNED = "help"
"""The action whose key is always on the line of keys."""


class Edge(Line):
    """A line that knows the terminal."""

    DEFAULT_CSS = "Edge { background: $panel; }"

    @property
    def terminal(self) -> "Terminal":
        """The app that it is in."""
        return cast("Terminal", self.app)


class TabLine(Edge):
    """The six screens by number, and who trades."""

    def pieces(self) -> list[Piece]:
        shown = self.terminal.shown if self.terminal.signed_in else []
        tabs = [
            Piece(f" {n} {t(f'{name}.title')} ", "reverse bold $primary" if name in shown else "", f"app.go('{name}')")
            for n, name in enumerate(PANES, 1)
        ]
        profile = self.terminal.desk.state.profile if self.terminal.signed_in else None
        right = [Piece(f"{profile.display_name} ", "$flat")] if profile else []
        return spread(tabs, right, self.size.width)


class StatusLine(Edge):
    """The link and the age of what is shown, the symbol, the money that is free, the market's time."""

    def changed(self, keys: Container[str]) -> None:
        """Draw it anew when it says something else; a cut grows older by itself."""
        about = ("link", "symbol", "portfolio", "notifications")
        symbol = self.terminal.desk.state.symbol
        if any(key in keys for key in (*about, f"quotes:{symbol}")) or self._ageing:
            self.refresh()

    @property
    def _ageing(self) -> bool:
        return self.terminal.desk.state.link.status == "cut"

    def pieces(self) -> list[Piece]:
        if not self.terminal.signed_in:
            return [Piece(f" {t('status.off')}", STYLES["off"])]
        return spread(self._left(), self._right(), self.size.width)

    def _left(self) -> list[Piece]:
        state = self.terminal.desk.state
        link = state.link
        sign = g("live") if link.status == "live" else g("cut")
        said = t(f"status.{link.status}", age=f"{link.age(time.monotonic()):.0f}")
        pieces = [Piece(f" {sign} {said} ", STYLES[link.status])]
        quote = state.quotes.get(state.symbol)
        if quote is not None:
            pieces.append(Piece(f" {quote.symbol} {number(quote.last)} ", "bold", "app.search"))
            if quote.stale:
                pieces.append(Piece(f" {t('status.stale')} ", "$warning"))
        return pieces

    def _right(self) -> list[Piece]:
        state = self.terminal.desk.state
        pieces = []
        if state.unread:
            pieces.append(Piece(f" {t('status.unread', n=state.unread)} ", "$accent", "app.news"))
        instrument = state.instruments.get(state.symbol)
        free = {cash.currency: cash.free for cash in state.portfolio.cash}
        if instrument is not None and instrument.currency in free:
            amount = number(free[instrument.currency], 2)
            pieces.append(Piece(f" {t('status.free', amount=amount, currency=instrument.currency)} "))
        quote = state.quotes.get(state.symbol)
        if quote is not None:
            pieces.append(Piece(f" {quote.time:%Y-%m-%d %H:%M:%S} UTC ", "$flat"))
        return pieces


class KeyLine(Edge):
    """The keys that do something where the focus is; a click presses one."""

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def pieces(self) -> list[Piece]:
        """As many as there is room for; the key of the help, where all of them are, always.

        While something is typed, those that are no text, hidden ones too: how to get out of there.
        """
        focused = self.screen.focused
        typing = isinstance(focused, Input)
        keys = [
            (key, each.binding)
            for key, each in distinct(self.screen.active_bindings)
            if (typing or each.binding.show) and not is_text(focused, key, each.binding.key_display)
        ]
        pinned = [piece for key, binding in keys if binding.action == PINNED for piece in self._key(key, binding)]
        room, shown = self.size.width - width(pinned), list[Piece]()
        for key, binding in keys:
            pieces = self._key(key, binding) if binding.action != PINNED else []
            room -= width(pieces)
            shown += pieces if room >= 0 else []
        return spread(shown, pinned, self.size.width)

    def _key(self, key: str, binding: Binding) -> list[Piece]:
        press = f"app.press('{key}')"
        shown = f" {self.app.get_key_display(binding)} "
        return [Piece(shown, "bold $accent", press), Piece(f"{t(binding.description)} ", "", press)]
