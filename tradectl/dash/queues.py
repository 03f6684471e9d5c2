"""What waits between the parts, and what consumers have set aside; a dead letter can be put back."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DataTable

from tradectl.dash.colours import DOUBTFUL, QUIET, colour
from tradectl.dash.drawing import quiet
from tradectl.dash.pane import Cells, Pane, chosen, fill, table
from tradectl.dash.words import said, t
from tradectl.overview.flow import Queue


class QueuesPane(Pane):
    """Queues above, those in which something waits first; dead letters below."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("R", "replay", "key.replay")]

    def body(self) -> ComposeResult:
        yield table("part", "what", "many", "meaning", id="queues")
        yield table("service", "id", "since", "event", "key", "why", id="letters")

    def read(self) -> tuple[list[Queue], list[dict[str, Any]]]:
        return self.facts.queues(), self.facts.letters()

    def show(self, found: tuple[list[Queue], list[dict[str, Any]]]) -> None:
        queues, letters = found
        queues = sorted(queues, key=lambda each: not each.count)
        fill(self.query_one("#queues", DataTable), {f"{each.part} {each.what}": queue_cells(each) for each in queues})
        rows = {f"{each['service']} {each['id']}": letter_cells(each) for each in letters}
        fill(self.query_one("#letters", DataTable), rows)

    def action_replay(self) -> None:
        service, _, letter = chosen(self.query_one("#letters", DataTable)).partition(" ")
        if letter:
            self.act(lambda: self._replay(service, int(letter)))

    def _replay(self, service: str, letter: int) -> str:
        return t("did.replayed", count=self.facts.replay(service, letter), service=service)


def queue_cells(each: Queue) -> Cells:
    style = colour(DOUBTFUL) if each.count else QUIET
    return each.part, each.what, Text(str(each.count), style), quiet(said(f"queue.{each.kind}"))


def letter_cells(letter: dict[str, Any]) -> Cells:
    envelope = letter["envelope"]
    since = datetime.fromtimestamp(letter["time"] / 1e6, UTC)
    key = f"{envelope['producer']}:{envelope['key']} {envelope['seq']}"
    return letter["service"], str(letter["id"]), f"{since:%H:%M:%S}", envelope["name"], key, Text(letter["reason"])
