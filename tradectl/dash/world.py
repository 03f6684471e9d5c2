"""Market time and what is broken on purpose."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DataTable, Input, Static

from services.contracts.faults import KINDS, Fault
from tradectl.dash.drawing import state
from tradectl.dash.pane import Cells, Pane, chosen, fill, said, table
from tradectl.errors import TradectlError
from tradectl.overview.wish import fault_of

SLOWEST, FASTEST = 0.25, 1_000.0
"""Market seconds a second, of the keys here; `tradectl clock speed` takes any."""


class WorldPane(Pane):
    """The clock in a line, faults that are on, and all that there are."""

    TITLE = "World"
    EVERY = 1.0
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pause", "Stop or go"),
        Binding("plus,equals_sign", "faster(2.0)", "Faster", key_display="+"),
        Binding("minus", "faster(0.5)", "Slower", key_display="-"),
        Binding("a", "add", "Break something"),
        Binding("d", "mend", "End the fault"),
    ]

    def body(self) -> ComposeResult:
        yield Static(id="clock")
        yield Input(compact=True, placeholder="provider.latency ms=300 for=10s", id="fault")
        yield table("id", "fault", "in", "graded by", "until (UTC)", id="faults")
        yield table("kind", "what it does", "graded by", id="kinds")

    def on_mount(self) -> None:
        self._clock: Mapping[str, Any] = {}
        kinds = {each.name: (each.name, Text(each.does), graded(each)) for each in KINDS.values()}
        fill(self.query_one("#kinds", DataTable), kinds)

    def read(self) -> tuple[Mapping[str, Any], list[Fault]]:
        return self.facts.clock(), self.facts.faults()

    def show(self, found: tuple[Mapping[str, Any], list[Fault]]) -> None:
        self._clock, faults = found
        line = Text.assemble("market time ", (str(self._clock["now"]), "bold"), "  ", state(str(self._clock["mode"])))
        self.query_one("#clock", Static).update(line.append(f"  speed {self._clock['speed']:g}"))
        fill(self.query_one("#faults", DataTable), {each.id: cells(each) for each in faults})

    def action_pause(self) -> None:
        if self._clock:
            mode = "running" if self._clock["mode"] == "paused" else "paused"
            self.act(self._set, {"mode": mode})

    def action_faster(self, times: float) -> None:
        if self._clock:
            self.act(self._set, {"speed": min(max(self._clock["speed"] * times, SLOWEST), FASTEST)})

    def _set(self, change: Mapping[str, Any]) -> str:
        done = self.facts.clock(change)
        return f"market time {done['mode']}, speed {done['speed']:g}"

    def action_add(self) -> None:
        self.query_one(Input).focus()

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """A kind is taken over into the line, where it is graded."""
        if event.data_table.id == "kinds":
            line = self.query_one(Input)
            line.value = f"{event.row_key.value} "
            line.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        try:
            kind, parameters, seconds = fault_of(event.value)
        except TradectlError as error:
            self.app.notify(said(error), severity="error", markup=False)
            return
        self.act(self._begin, kind, parameters, seconds)

    def _begin(self, kind: str, parameters: Mapping[str, object], seconds: float) -> str:
        begun = self.facts.begin_fault(kind, parameters, seconds)
        return f"{kind} in {', '.join(each.part for each in begun)} for {seconds:g} s"

    def action_mend(self) -> None:
        if id := chosen(self.query_one("#faults", DataTable)):
            self.act(self._end, id)

    def _end(self, id: str) -> str:
        return f"{', '.join(each.kind for each in self.facts.end_fault(id))} ended"


def graded(kind: Any) -> str:
    return " ".join(each.name for each in kind.parameters)


def cells(each: Fault) -> Cells:
    terms = " ".join(f"{name}={value}" for name, value in each.parameters.items())
    return each.id, each.kind, each.part, Text(terms), f"{datetime.fromtimestamp(each.until / 1e6, UTC):%H:%M:%S}"
