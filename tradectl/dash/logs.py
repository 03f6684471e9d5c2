"""The log lines of all parts as they come, filtered and searched."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, RichLog

from tradectl.dash.drawing import log_line
from tradectl.dash.pane import Pane, said
from tradectl.errors import TradectlError
from tradectl.overview.wish import HINT, Wish, wish_of
from tradectl.stack.logs import Line

SHOWN = 500
"""Lines at most; the search goes through all that are held."""


class LogsPane(Pane):
    """One line of input says what is wanted."""

    TITLE = "Logs"
    EVERY = 0.5
    BINDINGS: ClassVar[list[BindingType]] = [Binding("slash", "search", "Filter"), Binding("f", "follow", "Follow")]

    def body(self) -> ComposeResult:
        yield Input(compact=True, placeholder=HINT, id="wish")
        yield RichLog(wrap=False, max_lines=SHOWN, id="lines")

    def on_mount(self) -> None:
        self._wish: Wish = wish_of("")
        self._last: Sequence[Line] = ()
        self._following = True

    def want(self, text: str) -> None:
        """As if it were typed."""
        self.query_one(Input).value = text

    def on_input_changed(self, event: Input.Changed) -> None:
        try:
            self._wish = wish_of(event.value)
        except TradectlError as error:
            self.trouble.display = True
            self.trouble.update(said(error))
            return
        self._last = ()
        self.look()

    def on_input_submitted(self) -> None:
        self.query_one(RichLog).focus()

    def action_search(self) -> None:
        self.query_one(Input).focus()

    def action_follow(self) -> None:
        self._following = not self._following

    def read(self) -> list[Line]:
        wish = self._wish
        return [line for line in self.facts.lines() if wish.admits(line)][-SHOWN:]

    def show(self, found: Sequence[Line]) -> None:
        if not self._following or (len(found) == len(self._last) and found[-1:] == self._last[-1:]):
            return
        self._last = found
        log = self.query_one(RichLog)
        log.clear()
        for line in found:
            log.write(log_line(line))
