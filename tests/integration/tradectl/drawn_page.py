"""A small app to try instruments on: what is typed is repeated, `boom` crashes it."""

import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Button, Input, Static


class Page(App[None]):
    """A field, a button and an answer."""

    BINDINGS: ClassVar[list[BindingType]] = [("ctrl+q", "quit", "Quit")]

    def compose(self) -> ComposeResult:
        yield Input(placeholder="type here")
        yield Button("Say it")
        yield Static("nothing yet", id="said")

    def on_input_submitted(self) -> None:
        self.say()

    def on_button_pressed(self) -> None:
        self.say()

    def say(self) -> None:
        """Repeat what was typed."""
        typed = self.query_one(Input).value
        if typed == "boom":
            raise RuntimeError("this page is broken")
        self.query_one("#said", Static).update(f"said: {typed}")


if __name__ == "__main__":
    page = Page()
    page.run()
    sys.exit(page.return_code)
