"""The order explorer: one order through every service on one time axis."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import DataTable, Input, Static

from tradectl.dash.colours import DOUBTFUL, colour
from tradectl.dash.drawing import quiet, state, waterfall
from tradectl.dash.pane import Cells, Pane, chosen, fill, table
from tradectl.dash.words import t
from tradectl.looks.glyphs import g
from tradectl.telemetry.life import Life
from tradectl.telemetry.source import Heading
from tradectl.telemetry.spans import nested

MOST = 500
"""Traces that are looked through for orders."""


class OrderPane(Pane):
    """The last orders, and the life of the one that is typed or chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("slash", "search", "key.order", key_display="/")]

    def body(self) -> ComposeResult:
        yield Input(compact=True, placeholder=t("order.hint"), id="id")
        yield table("order", "request", "ms", "services", id="orders")
        with VerticalScroll(classes="below"):
            yield Static(quiet(t("order.choose")), id="life")

    def want(self, order: str) -> None:
        """As if it were typed."""
        self.query_one(Input).value = order
        self.look()

    def read(self) -> tuple[list[Heading], Life | None]:
        order = self.query_one(Input).value.strip()
        found = [each for each in self.facts.traces(MOST) if each.orders]
        return found, self.facts.life(order) if order else None

    def show(self, found: tuple[list[Heading], Life | None]) -> None:
        headings, life = found
        fill(self.query_one(DataTable), {order: cells(order, each) for each in headings for order in each.orders})
        if life is not None:
            self.query_one("#life", Static).update(drawn(life, self.size.width - 2))

    def on_data_table_row_selected(self) -> None:
        self.want(chosen(self.query_one(DataTable)))

    def on_input_submitted(self) -> None:
        self.query_one(DataTable).focus()
        self.look()

    def action_search(self) -> None:
        self.query_one(Input).focus()


def cells(order: str, heading: Heading) -> Cells:
    return order, heading.name, f"{heading.milliseconds:.1f}", " ".join(heading.services)


def drawn(life: Life, width: int) -> Text:
    """Its head, its waterfall, and what is missing of it."""
    between = f" {g('right')} "
    head = Text.assemble(f"{t('order.head')} ", (life.order, "bold"), " ", state(life.status))
    head.append(f"  {between.join(life.services)}\n")
    head.append(waterfall(nested(life.spans), width))
    for what, why in life.missing.items():
        head.append(f"! {what}: {why}\n", colour(DOUBTFUL))
    return head
