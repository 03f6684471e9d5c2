"""Processes and parts: state, health, restarts, processor, memory, endpoints, version; start, stop, restart."""

from typing import Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import DataTable

from tradectl.dash.asking import Sure
from tradectl.dash.drawing import state
from tradectl.dash.pane import Pane, chosen, fill, table
from tradectl.overview.resources import PROCESS, Resource


class ResourcesPane(Pane):
    """One row a process or part."""

    TITLE = "Resources"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "steer('start')", "Start"),
        Binding("x", "steer('stop')", "Stop"),
        Binding("r", "steer('restart')", "Restart"),
        Binding("l", "logs", "Its logs"),
    ]

    class LogsWanted(Message):
        """Somebody wants to read the logs of a part."""

        def __init__(self, part: str) -> None:
            super().__init__()
            self.part = part

    def body(self) -> ComposeResult:
        columns = ("name", "kind", "state", "health", "restarts", "CPU %", "MiB", "endpoints", "version")
        yield table(*columns, id="resources")

    def read(self) -> list[Resource]:
        return self.facts.resources()

    def show(self, found: list[Resource]) -> None:
        fill(self.query_one(DataTable), {f"{each.kind} {each.name}": cells(each) for each in found})

    @property
    def chosen(self) -> str:
        return chosen(self.query_one(DataTable)).partition(" ")[2]

    async def action_steer(self, verb: str) -> None:
        """Starting hurts nobody; the rest is asked again."""
        name = self.chosen
        if not name:
            return
        if verb == "start":
            self.act(self.facts.steer, verb, name)
            return

        def answered(sure: bool | None) -> None:
            if sure:
                self.act(self.facts.steer, verb, name)

        await self.app.push_screen(Sure(f"{verb} {name}?"), answered)

    def action_logs(self) -> None:
        if name := self.chosen:
            self.post_message(self.LogsWanted(name))

    def on_data_table_row_selected(self, _: Any) -> None:
        self.action_logs()


def cells(each: Resource) -> tuple[object, ...]:
    """A row; what is a process's is said once, at the process."""
    own = each.kind == PROCESS
    return (
        Text(each.name, "bold" if own else ""),
        each.kind,
        state(each.state),
        each.health or "well",
        "" if each.restarts is None else each.restarts,
        "" if each.cpu is None else f"{each.cpu:.0f}",
        "" if each.memory_mib is None else f"{each.memory_mib:.0f}",
        " ".join(url.removeprefix("http://") for url in each.endpoints.values()),
        each.version,
    )
