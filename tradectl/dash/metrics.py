"""All that is measured as sparklines; the one under the cursor as a plot."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DataTable, Static

from tradectl.dash.drawing import curve, quiet, spark
from tradectl.dash.pane import Cells, Pane, chosen, fill, table
from tradectl.dash.words import t
from tradectl.telemetry.drawing import number
from tradectl.telemetry.measures import Measure

SPARK = 40
WINDOWS = (300.0, 900.0, 3_600.0, 21_600.0)
"""Seconds."""


class MetricsPane(Pane):
    """What has no value yet is not shown."""

    EVERY = 5.0
    BINDINGS: ClassVar[list[BindingType]] = [Binding("w", "window", "key.longer")]

    def body(self) -> ComposeResult:
        yield table("part", "metric", "now", "curve", "least", "most", id="measures")
        yield Static(classes="below", id="plot")

    def on_mount(self) -> None:
        self._window = 1
        self._found: dict[str, Measure] = {}

    def read(self) -> list[Measure]:
        return self.facts.measures(WINDOWS[self._window])

    def show(self, found: list[Measure]) -> None:
        self._found = {f"{each.part} {each.name}": each for each in found if each.points}
        fill(self.query_one(DataTable), {key: cells(each) for key, each in self._found.items()})
        self._draw()

    def on_data_table_row_highlighted(self) -> None:
        self._draw()

    def _draw(self) -> None:
        measure = self._found.get(chosen(self.query_one(DataTable)))
        plot = self.query_one("#plot", Static)
        plot.update(curve(measure, plot.size.width, plot.size.height) if measure else quiet(t("pane.nothing")))

    def action_window(self) -> None:
        """The next longer time, then the shortest again."""
        self._window = (self._window + 1) % len(WINDOWS)
        self.app.notify(t("metrics.window", minutes=f"{WINDOWS[self._window] / 60:.0f}"))
        self.look()


def cells(each: Measure) -> Cells:
    values = each.values
    now, least, most = (number(value, each.unit) for value in (each.now, min(values), max(values)))
    return (each.part, each.name, now, spark(values, SPARK), least, most)
