"""Processes and parts: state, health, restarts, processor, memory, endpoints, version; start, stop, restart."""

from typing import Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import DataTable, Static

from tradectl.dash.asking import Sure
from tradectl.dash.colours import BAD, GOOD, colour
from tradectl.dash.drawing import quiet, state
from tradectl.dash.pane import Cells, Pane, chosen, fill, table
from tradectl.dash.words import said, t
from tradectl.overview.resources import PROCESS, SERVER, Resource
from tradectl.stack.children import SIM

HEALTH = 24
"""Columns of the table; the whole of it stands below."""


class ResourcesPane(Pane):
    """One row a process or part; below, what is said of the chosen one and what can be done with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "steer('start')", "key.start"),
        Binding("x", "steer('stop')", "key.stop"),
        Binding("r", "steer('restart')", "key.restart"),
        Binding("l", "logs", "key.logs"),
    ]

    class LogsWanted(Message):
        """Somebody wants to read the logs of a part."""

        def __init__(self, part: str) -> None:
            super().__init__()
            self.part = part

    def body(self) -> ComposeResult:
        yield table("name", "state", "restarts", "cpu", "mib", "health", "endpoints", "version", "kind", id="resources")
        yield Static(classes="below", id="chosen")

    def on_mount(self) -> None:
        self._found: dict[str, Resource] = {}

    def read(self) -> list[Resource]:
        return self.facts.resources()

    def show(self, found: list[Resource]) -> None:
        self._found = {f"{each.kind} {each.name}": each for each in found}
        fill(self.query_one("#resources", DataTable), {key: cells(each) for key, each in self._found.items()})
        self._tell()

    def on_data_table_row_highlighted(self) -> None:
        self._tell()

    def _tell(self) -> None:
        resource = self.chosen
        self.query_one("#chosen", Static).update(about(resource) if resource else "")
        self.refresh_bindings()

    @property
    def chosen(self) -> Resource | None:
        return self._found.get(chosen(self.query_one("#resources", DataTable)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done with the chosen one is offered."""
        if action != "steer":
            return True
        resource = self.chosen
        return (resource is not None and can(resource, str(parameters[0]))) or None

    async def action_steer(self, verb: str) -> None:
        """Starting hurts nobody; the rest is asked again."""
        resource = self.chosen
        if resource is None:
            return
        if verb == "start":
            self._steer(verb, resource.name)
            return

        def answered(sure: bool | None) -> None:
            if sure:
                self._steer(verb, resource.name)

        question = t(f"ask.{verb}", names=", ".join(resource.steers))
        await self.app.push_screen(Sure(question, consequence(resource)), answered)

    def _steer(self, verb: str, name: str) -> None:
        def steer() -> str:
            done = self.facts.steer(verb, name)
            names = ", ".join(done.children)
            return t("did.steered", names=names, state=done.state, seconds=f"{done.seconds:.1f}")

        self.act(steer)

    def action_logs(self) -> None:
        if resource := self.chosen:
            self.post_message(self.LogsWanted(resource.name))

    def on_data_table_row_selected(self, _: Any) -> None:
        self.action_logs()


def can(resource: Resource, verb: str) -> bool:
    """Whether it makes sense now."""
    return bool(resource.steers) and (verb == "start") == resource.rests


def consequence(resource: Resource) -> str:
    """What else ends with a process."""
    return t("ask.holds", parts=", ".join(resource.holds)) if len(resource.holds) > 1 else ""


def cells(each: Resource) -> Cells:
    """A row; what is a process's is said once, at the process."""
    alone = each.home in ("", each.name)
    health = each.health or t("resources.well")
    return (
        Text(each.name, "bold" if each.kind == PROCESS else ""),
        state(each.state),
        *(told(value) if alone else "" for value in (each.restarts, each.cpu, each.memory_mib)),
        Text(health if len(health) <= HEALTH else f"{health[: HEALTH - 1]}…", colour(BAD) if each.health else "dim"),
        " ".join(plain(url) for url in each.endpoints.values()),
        each.version,
        said(f"kind.{each.kind}", each.kind),
    )


def told(value: float | None) -> str:
    """A number where there is one."""
    return "" if value is None else f"{value:.0f}"


def plain(url: str) -> str:
    """An address without what goes without saying."""
    return url.removeprefix("http://")


def about(resource: Resource) -> Text:
    """All that is known of one, and what can be done with it."""
    kind = said(f"kind.{resource.kind}", resource.kind)
    head = [kind, t("resources.holds", parts=", ".join(resource.holds))] if len(resource.holds) > 1 else [kind]
    if resource.home not in ("", resource.name):
        head.append(t("resources.in", home=resource.home))
    drawn = Text.assemble((resource.name, "bold"), " ", state(resource.state), f"  {', '.join(head)}\n")
    drawn.append_text(Text(resource.health or t("resources.well"), colour(BAD) if resource.health else colour(GOOD)))
    drawn.append("\n")
    for name, url in resource.endpoints.items():
        drawn.append_text(quiet(f"{name} {url}  "))
    drawn.append("\n" if resource.endpoints else "")
    return drawn.append(offer(resource))


def offer(resource: Resource) -> str:
    """Which keys do what with it, or why none does."""
    if len(resource.steers) > 1:
        return t("resources.can_several", names=", ".join(resource.steers))
    if resource.steers:
        return t("resources.can")
    if resource.kind == SERVER:
        return t("resources.server")
    return t("resources.world" if resource.home == SIM else "resources.shared", home=resource.home)
