"""The developer's terminal: eight tabs over one sandbox."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.screen import Screen
from textual.theme import Theme
from textual.widgets import Footer, Input, Static, TabbedContent, TabPane

from tradectl.dash import colours
from tradectl.dash.help import Help
from tradectl.dash.logs import LogsPane
from tradectl.dash.metrics import MetricsPane
from tradectl.dash.order import OrderPane
from tradectl.dash.pane import Pane
from tradectl.dash.queues import QueuesPane
from tradectl.dash.resources import ResourcesPane
from tradectl.dash.sessions import SessionsPane
from tradectl.dash.traces import TracesPane
from tradectl.dash.words import said, t
from tradectl.dash.world import WorldPane
from tradectl.looks import languages, themes
from tradectl.looks.themed import Themed
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


@dataclass(frozen=True)
class Settings:
    """How the dash looks and speaks."""

    language: str = languages.LANGUAGES[0]
    theme: str = themes.DEFAULT
    ascii: bool = False


def tab(name: str) -> str:
    """A tab's id: the tables in it have the plain ones."""
    return f"{TAB}{name}"


class Shell(Screen[None]):
    """Bindings are described by words of the language that is spoken."""

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        return {key: spoken(active) for key, active in super().active_bindings.items()}

    def own_bindings(self) -> Iterator[Binding]:
        """Those of the tab that is shown and of the dash, each action once by its first key; tabs are left out."""
        seen = set()
        for binding, enabled in ((each.binding, each.enabled) for each in super().active_bindings.values()):
            if binding.description.startswith("key.") and binding.action not in seen and enabled:
                seen.add(binding.action)
                yield binding


def spoken(active: ActiveBinding) -> ActiveBinding:
    """A binding with its words."""
    words = said(active.binding.description, active.binding.description)
    return active._replace(binding=replace(active.binding, description=words))


class Dash(Themed):
    """Keys 1 to 8 choose a tab; only the one that is shown looks at the sandbox."""

    TITLE = "tradectl dash"
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    #head { height: 1; background: $panel; padding: 0 1; }
    TabbedContent, TabPane { height: 1fr; padding: 0; }
    Pane { height: 1fr; }
    DataTable { height: 1fr; }
    .below { height: 1fr; border-top: solid $primary; }
    #chosen { height: auto; min-height: 5; }
    .line { height: 1; }
    #wish { width: 1fr; }
    #count { width: auto; padding: 0 1; }
    .trouble { color: $error; height: auto; dock: bottom; }
    #queues, #sessions, #faults { height: 2fr; }
    #letters, #messages, #kinds { height: 3fr; border-top: solid $primary; }
    #clock { height: 1; }
    #waterfall, #life { text-wrap: nowrap; text-overflow: ellipsis; }
    RichLog { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(number), f"go('{name}')", f"{name}.title", show=False) for number, name in enumerate(PANES, 1)),
        Binding("escape", "leave_line", "key.leave", show=False),
        Binding("T", "next_theme", "key.theme", show=False),
        Binding("L", "next_language", "key.language", show=False),
        Binding("question_mark", "help", "key.help", key_display="?"),
        Binding("q", "quit", "key.quit"),
    ]

    def __init__(self, facts: Facts, settings: Settings = Settings()) -> None:
        languages.use(settings.language)
        super().__init__(settings.theme, ascii_only=settings.ascii)
        self._facts = facts
        self._shown = next(iter(PANES))

    def get_default_screen(self) -> Screen[None]:
        self._shell = Shell()
        return self._shell

    def compose(self) -> ComposeResult:
        place = (f"  {self._facts.sandbox.name} ", "bold"), (self._facts.backend, colours.QUIET)
        yield Static(Text.assemble("tradectl dash", *place), id="head")
        with TabbedContent(id="tabs", initial=tab(self._shown)):
            for number, (name, pane) in enumerate(PANES.items(), 1):
                with TabPane(f"{number} {t(f'{name}.title')}", id=tab(name)):
                    yield pane(self._facts)
        yield Footer()

    def on_mount(self) -> None:
        self.theme_changed_signal.subscribe(self, self._themed)
        self._themed(self.current_theme)

    def _themed(self, theme: Theme) -> None:
        """Tables and waterfalls are drawn by its colours, too."""
        colours.use(theme)
        self._enter(self._shown)

    def action_go(self, name: str) -> None:
        self.query_one("#tabs", TabbedContent).active = tab(name)
        self._enter(name)

    def on_tabbed_content_tab_activated(self, event: TabbedContent.TabActivated) -> None:
        """By the mouse as well."""
        self._shown = str(event.pane.id).removeprefix(TAB)

    def _enter(self, name: str) -> None:
        """The keyboard belongs to what the tab shows, not to its line of input."""
        self._shown = name
        pane = self.pane(name)
        for child in pane.query("DataTable, RichLog"):
            child.focus()
            break
        self.call_after_refresh(pane.look)

    def pane(self, name: str) -> Pane:
        return self.query_one(f"#{tab(name)}", TabPane).query_one(Pane)

    def action_leave_line(self) -> None:
        if isinstance(self.focused, Input):
            self._enter(self._shown)

    async def action_help(self) -> None:
        """Every key that does something here."""
        keys = [(self.get_key_display(each), t(each.description)) for each in self._shell.own_bindings()]
        await self.push_screen(Help(t("help.title"), keys, t("help.foot")))

    async def action_next_language(self) -> None:
        """Everything anew in the next language."""
        languages.use(languages.following())
        await self.recompose()
        self._enter(self._shown)

    def on_resources_pane_logs_wanted(self, event: ResourcesPane.LogsWanted) -> None:
        self.query_one(LogsPane).want(event.part)
        self.action_go("logs")

    def on_traces_pane_order_wanted(self, event: TracesPane.OrderWanted) -> None:
        self.query_one(OrderPane).want(event.order)
        self.action_go("order")
