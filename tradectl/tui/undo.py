"""A moment to think again: what is asked for is done when the line has run out, and not at all when `u` is pressed."""

import time
from collections.abc import Awaitable, Callable

from textual.timer import Timer

from tradectl.tui.lines import Line, Piece
from tradectl.tui.words import t

EVERY = 0.1


class UndoLine(Line):
    """Hidden while nothing waits."""

    DEFAULT_CSS = """
    UndoLine { background: $warning; color: $background; display: none; }
    UndoLine.-waiting { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._until = 0.0
        self._act: Callable[[], Awaitable[object]] | None = None
        self._timer: Timer | None = None

    @property
    def waiting(self) -> bool:
        """Whether there is something to undo."""
        return self._act is not None

    async def wait(self, text: str, seconds: float, act: Callable[[], Awaitable[object]]) -> None:
        """Do it after so many seconds; what waited before is done at once."""
        await self._done()
        self._text, self._act, self._until = text, act, time.monotonic() + seconds
        self._timer = self.set_interval(EVERY, self._tick)
        self.add_class("-waiting")

    async def undo(self) -> None:
        """Leave it."""
        self._act = None
        await self._done()

    async def now(self) -> None:
        """Do what waits without waiting."""
        act, self._act = self._act, None
        if act is not None:
            await act()

    async def _tick(self) -> None:
        if time.monotonic() >= self._until:
            await self._done()
        else:
            self.refresh()

    async def _done(self) -> None:
        act, self._act = self._act, None
        if self._timer is not None:
            self._timer.stop()
        self.remove_class("-waiting")
        self.screen.refresh_bindings()
        if act is not None:
            self.call_later(act)  # not in the timer's task, which stopping it has cancelled

    def pieces(self) -> list[Piece]:
        left = max(0.0, self._until - time.monotonic())
        return [Piece(f" {t('undo.line', what=self._text, left=f'{left:.1f}')} ", "bold", "app.undo")]
