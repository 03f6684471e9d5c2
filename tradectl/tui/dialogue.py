"""A box over the panes, which go on behind it: it has the keys until it is answered or left.

It is a widget of the same screen and no screen of its own: over one that is not opaque, Textual draws all that lies
behind anew for every change there (tests/bench measures what that costs who types).
"""

from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget

Answer = TypeVar("Answer")


class Dialogue(Vertical, Generic[Answer], can_focus=True):
    """The app shows it by ``ask``; a subclass ends it by ``dismiss``, with an answer or without one."""

    DEFAULT_CSS = """
    Dialogue { layer: dialogues; height: auto; max-width: 100%; max-height: 100%; background: $surface;
        border: round $primary; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "close", "key.close")]
    FIRST: ClassVar[str] = ""
    """Selects what has the focus at first; else the box itself."""

    def __init__(self) -> None:
        super().__init__()
        self.open = True
        self.answered: Callable[[Answer | None], object] = lambda _: None
        self._before: Widget | None = None

    def on_mount(self) -> None:
        """Take the focus, and keep it."""
        self._before = self.screen.focused
        self.trap_focus()
        (self.query_one(self.FIRST) if self.FIRST else self).focus()

    def dismiss(self, answer: Answer | None = None) -> None:
        """Give the focus back to who had it, unless somebody else has it by now; and answer."""
        if not self.open:
            return
        self.open = False
        if self.has_focus or self.has_focus_within:
            self.screen.set_focus(self._before if self._before is not None and self._before.focusable else None)
        _ = self.remove()
        self.app.call_later(self.answered, answer)

    def action_close(self) -> None:
        """Leave it without an answer."""
        self.dismiss()
