"""The last requests across services; the one under the cursor as a waterfall."""

from datetime import UTC, datetime
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import DataTable, Input, Static

from tradectl.dash.colours import of_state
from tradectl.dash.drawing import waterfall
from tradectl.dash.pane import Cells, Pane, chosen, fill, table
from tradectl.dash.words import t
from tradectl.telemetry.source import Heading, Span
from tradectl.telemetry.spans import nested

MOST = 200


class TracesPane(Pane):
    """A list above, a waterfall below."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "key.by_order", key_display="/"),
        Binding("o", "explore", "key.explore"),
        Binding("p", "pause", "key.hold"),
    ]

    class OrderWanted(Message):
        """Somebody wants an order's whole life."""

        def __init__(self, order: str) -> None:
            super().__init__()
            self.order = order

    def body(self) -> ComposeResult:
        yield Input(compact=True, placeholder=t("traces.hint"), id="order")
        yield table("at", "ms", "what", "services", "spans", "order", id="traces")
        with VerticalScroll(classes="below"):
            yield Static(id="waterfall")

    def on_mount(self) -> None:
        self._held = False
        self._orders: dict[str, str] = {}

    def read(self) -> tuple[list[Heading], list[Span]]:
        """The list, and the spans of the chosen trace."""
        found = self.facts.traces(MOST, self.query_one(Input).value.strip())
        trace = chosen(self.query_one(DataTable)) or (found[0].id if found else "")
        return found, self.facts.spans(trace) if trace else []

    def show(self, found: tuple[list[Heading], list[Span]]) -> None:
        headings, spans = found
        if not self._held:
            self._orders = {each.id: each.orders[0] for each in headings if each.orders}
            fill(self.query_one(DataTable), {each.id: cells(each) for each in headings})
        self.query_one("#waterfall", Static).update(waterfall(nested(spans), self.size.width - 2))

    def on_data_table_row_highlighted(self) -> None:
        self.look()

    def on_input_submitted(self) -> None:
        self.query_one(DataTable).focus()
        self.look()

    def action_search(self) -> None:
        self.query_one(Input).focus()

    def action_pause(self) -> None:
        self._held = not self._held

    def action_explore(self) -> None:
        if order := self._orders.get(chosen(self.query_one(DataTable)), ""):
            self.post_message(self.OrderWanted(order))


def cells(heading: Heading) -> Cells:
    return (
        f"{datetime.fromtimestamp(heading.began / 1e6, UTC):%H:%M:%S.%f}"[:-3],
        f"{heading.milliseconds:.1f}",
        Text(heading.name, of_state(heading.level)),
        " ".join(heading.services),
        heading.spans,
        heading.orders[0] if heading.orders else "",
    )
