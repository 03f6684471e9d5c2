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
from tradectl.dash.pane import Cells, Pane, chosen, fill, table, with_hint
from tradectl.dash.words import t
from tradectl.errors import TradectlError
from tradectl.overview.wish import fault_of

SLOWEST, FASTEST = 0.25, 1_000.0
"""Market seconds a second, of the keys here; `tradectl clock speed` takes any."""


class WorldPane(Pane):
    """The clock in a line, faults that are on, and all that there are."""

    EVERY = 1.0
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pause", "key.pause"),
        Binding("plus,equals_sign", "faster(2.0)", "key.faster", key_display="+"),
        Binding("minus", "faster(0.5)", "key.slower", key_display="-"),
        Binding("a", "add", "key.break"),
        Binding("d", "mend", "key.mend"),
    ]

    def body(self) -> ComposeResult:
        yield Static(id="clock")
        yield Input(compact=True, placeholder="provider.latency ms=300 for=10s", id="fault")
        yield table("id", "fault", "in", "graded", "until", id="faults")
        yield table("fault", "graded", "does", id="kinds")

    def on_mount(self) -> None:
        self._clock: Mapping[str, Any] = {}
        kinds = {each.name: (each.name, graded(each), t(f"fault.{each.name}")) for each in KINDS.values()}
        fill(self.query_one("#kinds", DataTable), kinds)

    def read(self) -> tuple[Mapping[str, Any], list[Fault]]:
        return self.facts.clock(), self.facts.faults()

    def show(self, found: tuple[Mapping[str, Any], list[Fault]]) -> None:
        self._clock, faults = found
        line = Text.assemble(
            f"{t('world.time')} ", (str(self._clock["now"]), "bold"), "  ", state(str(self._clock["mode"]))
        )
        line.append("  ").append(t("world.speed", speed=f"{self._clock['speed']:g}"))
        self.query_one("#clock", Static).update(line)
        fill(self.query_one("#faults", DataTable), {each.id: cells(each) for each in faults})

    def action_pause(self) -> None:
        if self._clock:
            mode = "running" if self._clock["mode"] == "paused" else "paused"
            self._set({"mode": mode})

    def action_faster(self, times: float) -> None:
        if self._clock:
            self._set({"speed": min(max(self._clock["speed"] * times, SLOWEST), FASTEST)})

    def _set(self, change: Mapping[str, Any]) -> None:
        def change_it() -> str:
            done = self.facts.clock(change)
            return t("world.set", mode=done["mode"], speed=f"{done['speed']:g}")

        self.act(change_it)

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
            self.app.notify(with_hint(error), severity="error", markup=False)
            return
        self.act(lambda: self._begin(kind, parameters, seconds))

    def _begin(self, kind: str, parameters: Mapping[str, object], seconds: float) -> str:
        begun = self.facts.begin_fault(kind, parameters, seconds)
        return t("world.begun", kind=kind, parts=", ".join(each.part for each in begun), seconds=f"{seconds:g}")

    def action_mend(self) -> None:
        if id := chosen(self.query_one("#faults", DataTable)):
            self.act(lambda: self._end(id))

    def _end(self, id: str) -> str:
        return t("world.ended", kinds=", ".join(each.kind for each in self.facts.end_fault(id)))


def graded(kind: Any) -> str:
    return " ".join(each.name for each in kind.parameters)


def cells(each: Fault) -> Cells:
    terms = " ".join(f"{name}={value}" for name, value in each.parameters.items())
    return each.id, each.kind, each.part, Text(terms), f"{datetime.fromtimestamp(each.until / 1e6, UTC):%H:%M:%S}"
