"""Rows as text, and an app around one widget."""

from collections.abc import Sequence

from textual.app import App, ComposeResult
from textual.widget import Widget

from tradectl.tui.widgets.rows import Row, plain


def texts(rows: Sequence[Row]) -> list[str]:
    """Each row's text, without the blanks at its end."""
    return [plain(row).rstrip() for row in rows]


def ink(row: Row, text: str) -> str:
    """The ink of the span that the text stands in."""
    return next(ink for span, ink in row if text in span)


class Alone(App[None]):
    """One widget, and the messages that it posts."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        """The widget."""
        yield self.widget
