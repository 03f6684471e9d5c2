"""The log lines of all parts as they come, filtered and searched."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, RichLog, Static

from tradectl.dash.drawing import log_line, quiet
from tradectl.dash.pane import Pane, with_hint
from tradectl.dash.words import t
from tradectl.errors import TradectlError
from tradectl.overview.wish import Wish, wish_of
from tradectl.stack.logs import Line

SHOWN = 500
"""Lines at most; the search goes through all that are held."""


class Found(NamedTuple):
    """The last lines that are wanted, how many are in all, and how many are held."""

    last: Sequence[Line]
    wanted: int
    held: int


class LogsPane(Pane):
    """One line of input says what is wanted."""

    EVERY = 0.5
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "key.filter", key_display="/"),
        Binding("f", "follow", "key.follow"),
    ]

    def body(self) -> ComposeResult:
        with Horizontal(classes="line"):
            yield Input(compact=True, placeholder=t("logs.hint"), id="wish")
            yield Static(id="count")
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
            self.trouble.update(quiet(with_hint(error)))
            return
        self._last = ()
        self.look()

    def on_input_submitted(self) -> None:
        self.query_one(RichLog).focus()

    def action_search(self) -> None:
        self.query_one(Input).focus()

    def action_follow(self) -> None:
        self._following = not self._following
        self.look()

    def read(self) -> Found:
        wish, lines = self._wish, self.facts.lines()
        wanted = [line for line in lines if wish.admits(line)]
        return Found(wanted[-SHOWN:], len(wanted), len(lines))

    def show(self, found: Found) -> None:
        count = t("logs.count", shown=found.wanted, held=found.held)
        self.query_one("#count", Static).update(quiet(count if self._following else f"{t('logs.held')} {count}"))
        if not self._following or (len(found.last) == len(self._last) and found.last[-1:] == self._last[-1:]):
            return
        self._last = found.last
        log = self.query_one(RichLog)
        log.clear()
        for line in found.last:
            log.write(log_line(line))
