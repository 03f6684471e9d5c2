"""What waits between the parts, and what consumers have set aside; a dead letter can be put back."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DataTable

from tradectl.dash.pane import Cells, Pane, chosen, fill, table
from tradectl.overview.flow import Queue


class QueuesPane(Pane):
    """Queues above, dead letters below."""

    TITLE = "Queues"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("R", "replay", "Put the letter back")]

    def body(self) -> ComposeResult:
        yield table("part", "what", "how many", "", id="queues")
        yield table("service", "id", "since (UTC)", "event", "key", "why", id="letters")

    def read(self) -> tuple[list[Queue], list[dict[str, Any]]]:
        return self.facts.queues(), self.facts.letters()

    def show(self, found: tuple[list[Queue], list[dict[str, Any]]]) -> None:
        queues, letters = found
        fill(self.query_one("#queues", DataTable), {f"{each.part} {each.what}": queue_cells(each) for each in queues})
        rows = {f"{each['service']} {each['id']}": letter_cells(each) for each in letters}
        fill(self.query_one("#letters", DataTable), rows)

    def action_replay(self) -> None:
        service, _, letter = chosen(self.query_one("#letters", DataTable)).partition(" ")
        if letter:
            self.act(self.facts.replay, service, int(letter))


def queue_cells(each: Queue) -> Cells:
    style = "bold yellow" if each.count else "dim"
    return each.part, each.what, Text(str(each.count), style), Text(each.words, "dim")


def letter_cells(letter: dict[str, Any]) -> Cells:
    envelope = letter["envelope"]
    since = datetime.fromtimestamp(letter["time"] / 1e6, UTC)
    key = f"{envelope['producer']}:{envelope['key']} {envelope['seq']}"
    return letter["service"], letter["id"], f"{since:%H:%M:%S}", envelope["name"], key, Text(letter["reason"])
