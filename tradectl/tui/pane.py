"""The base of the six screens: a part of the terminal that knows the desk, follows channels and draws what changed."""

from collections.abc import Container, Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.containers import Vertical

from tradectl.desk.desk import Desk
from tradectl.desk.state import EVERYTHING, State

if TYPE_CHECKING:
    from tradectl.tui.app import Terminal


class Pane(Vertical, can_focus=True):
    """Kept when another one is shown; told by ``changed`` only while it is shown itself."""

    name_of: ClassVar[str]
    """Its name in ``go`` and, with ``.title``, in the words."""
    DEFAULT_CSS = """
    Pane { width: 1fr; height: 1fr; }
    Pane.-hidden { display: none; }
    """

    @property
    def terminal(self) -> "Terminal":
        """The app that it is in."""
        return cast("Terminal", self.app)

    @property
    def desk(self) -> Desk:
        """The trader's desk."""
        return self.terminal.desk

    @property
    def state(self) -> State:
        """The desk's state."""
        return self.desk.state

    def channels(self) -> Iterable[str]:
        """What it follows while it is shown; asked again whenever symbol, interval or watchlist have changed."""
        return ()

    def changed(self, keys: Container[str]) -> None:
        """Draw what these keys of the state are about (tradectl/desk/__init__.py); a subclass does."""

    def on_mount(self) -> None:
        """What is there already is drawn as soon as the children are."""
        self.call_after_refresh(self.changed, EVERYTHING)

    def on_mouse_down(self) -> None:
        """Who goes on here has left the dialogue that lies over it."""
        self.terminal.leave_dialogue()

    def follow_anew(self) -> None:
        """Say that ``channels`` answers something else now."""
        self.terminal.follow_shown()
