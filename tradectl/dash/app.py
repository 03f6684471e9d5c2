"""The developer's terminal: eight tabs over one sandbox."""

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, Header, Input, TabbedContent, TabPane

from tradectl.dash.logs import LogsPane
from tradectl.dash.metrics import MetricsPane
from tradectl.dash.order import OrderPane
from tradectl.dash.pane import Pane
from tradectl.dash.queues import QueuesPane
from tradectl.dash.resources import ResourcesPane
from tradectl.dash.sessions import SessionsPane
from tradectl.dash.traces import TracesPane
from tradectl.dash.world import WorldPane
from tradectl.overview.facts import Facts

PANES: dict[str, type[Pane]] = {
    "resources": ResourcesPane,
    "logs": LogsPane,
    "traces": TracesPane,
    "metrics": MetricsPane,
    "queues": QueuesPane,
    "fix": SessionsPane,
    "world": WorldPane,
    "order": OrderPane,
}


TAB = "tab-"


def tab(name: str) -> str:
    """A tab's id: the tables in it have the plain ones."""
    return f"{TAB}{name}"


class Dash(App[None]):
    """Keys 1 to 8 choose a tab; only the one that is shown looks at the sandbox."""

    TITLE = "tradectl dash"
    CSS = """
    TabbedContent, TabPane { height: 1fr; padding: 0; }
    Pane { height: 1fr; }
    DataTable { height: 1fr; }
    .below { height: 1fr; border-top: solid $primary; }
    .trouble { color: $error; height: auto; dock: bottom; }
    #queues, #sessions, #faults { height: 2fr; }
    #letters, #messages, #kinds { height: 3fr; border-top: solid $primary; }
    #clock { height: 1; }
    #waterfall, #life { text-wrap: nowrap; text-overflow: ellipsis; }
    RichLog { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(number), f"go('{name}')", show=False) for number, name in enumerate(PANES, 1)),
        Binding("escape", "leave_line", "Leave the line", show=False),
        Binding("q", "quit", "Quit"),
    ]

    def __init__(self, facts: Facts) -> None:
        super().__init__()
        self._facts = facts
        self.sub_title = facts.sandbox.name

    def compose(self) -> ComposeResult:
        yield Header()
        with TabbedContent(id="tabs"):
            for number, (name, pane) in enumerate(PANES.items(), 1):
                with TabPane(f"{number} {pane.TITLE}", id=tab(name)):
                    yield pane(self._facts)
        yield Footer()

    def on_mount(self) -> None:
        self._enter("resources")

    def action_go(self, name: str) -> None:
        self.query_one("#tabs", TabbedContent).active = tab(name)
        self._enter(name)

    def _enter(self, name: str) -> None:
        """The keyboard belongs to what the tab shows, not to its line of input."""
        pane = self.pane(name)
        for child in pane.query("DataTable, RichLog"):
            child.focus()
            break
        self.call_after_refresh(pane.look)

    def pane(self, name: str) -> Pane:
        return self.query_one(f"#{tab(name)}", TabPane).query_one(Pane)

    def action_leave_line(self) -> None:
        if isinstance(self.focused, Input):
            self._enter(self.query_one("#tabs", TabbedContent).active.removeprefix(TAB))

    def on_resources_pane_logs_wanted(self, event: ResourcesPane.LogsWanted) -> None:
        self.query_one(LogsPane).want(event.part)
        self.action_go("logs")

    def on_traces_pane_order_wanted(self, event: TracesPane.OrderWanted) -> None:
        self.query_one(OrderPane).want(event.order)
        self.action_go("order")
