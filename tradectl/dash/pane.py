"""One tab: looks at the sandbox in a thread while it is shown, draws what it found, says what went wrong."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import DataTable, Static

from tradectl.dash.words import t
from tradectl.errors import TradectlError
from tradectl.overview.facts import Facts

Cells = tuple[object, ...]


class Pane(Vertical):
    """``read`` runs in a thread and may take its time; ``show`` draws."""

    EVERY: ClassVar[float] = 2.0
    """Seconds between two looks."""

    class Looked(Message, bubble=False):
        """What a thread found, or why it found nothing; ``again`` when something was changed since."""

        def __init__(self, found: Any, trouble: str, *, again: bool = False) -> None:
            super().__init__()
            self.found = found
            self.trouble = trouble
            self.again = again

    def __init__(self, facts: Facts) -> None:
        super().__init__()
        self.facts = facts
        self.trouble = Static("", classes="trouble")
        self._looking = False

    def compose(self) -> ComposeResult:
        yield from self.body()
        yield self.trouble

    def body(self) -> ComposeResult:
        """What the pane is made of."""
        yield from ()

    def on_mount(self) -> None:
        """Textual calls this beside that of a subclass."""
        self.trouble.display = False
        self.set_interval(self.EVERY, self.look)

    def on_show(self) -> None:
        self.look()

    def look(self) -> None:
        """Once, unless it is hidden or still at the last look."""
        if self._looking or not self.is_on_screen:
            return
        self._looking = True
        self.run_worker(self._look, thread=True)

    def _look(self) -> None:
        try:
            found, trouble = self.read(), ""
        except TradectlError as error:
            found, trouble = None, with_hint(error)
        except OSError as error:  # it goes down while we look
            found, trouble = None, str(error)
        self.post_message(self.Looked(found, trouble))

    def on_pane_looked(self, event: Looked) -> None:
        self._looking = False
        self.trouble.display = bool(event.trouble)
        self.trouble.update(Text(event.trouble))
        if event.found is not None:
            self.show(event.found)
        if event.again:
            self.look()

    def act(self, what: Callable[[], str]) -> None:
        """Do something in a thread, tell what it says of it, and look again."""

        def run() -> None:
            try:
                self.app.notify(what(), markup=False)
            except TradectlError as error:
                self.app.notify(with_hint(error), severity="error", markup=False)
            self.post_message(self.Looked(None, "", again=True))

        self.run_worker(run, thread=True)

    def read(self) -> Any:
        """What is to be shown; TradectlError where it cannot be known."""
        return ()

    def show(self, found: Any) -> None:
        """Draw it."""


def with_hint(error: TradectlError) -> str:
    """An error with its next step."""
    return f"{error.message} · {error.hint}" if error.hint else error.message


def table(*columns: str, id: str) -> DataTable[Any]:
    """An empty table whose cursor takes whole rows; columns by their words."""
    made: DataTable[Any] = DataTable(cursor_type="row", zebra_stripes=True, id=id)
    made.add_columns(*(t(f"col.{column}") for column in columns))
    return made


def fill(of: DataTable[Any], rows: Mapping[str, Cells]) -> None:
    """Rows by their keys; the cursor stays on the row that it was on. Text is no markup: parts say what they like."""
    before = chosen(of)
    top = of.scroll_offset
    of.clear()
    for key, cells in rows.items():
        of.add_row(*(Text(cell, no_wrap=True) if isinstance(cell, str) else cell for cell in cells), key=key)
    if before in rows:
        of.move_cursor(row=list(rows).index(before), animate=False, scroll=False)
    of.scroll_to(top.x, top.y, animate=False)


def chosen(of: DataTable[Any]) -> str:
    """The key of the row under the cursor; empty where there is none."""
    if not of.row_count or not of.is_valid_row_index(of.cursor_row):
        return ""
    return str(of.coordinate_to_cell_key(of.cursor_coordinate).row_key.value or "")
