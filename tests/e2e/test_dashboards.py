"""Each panel of each dashboard has data after a load, by its own queries, asked of the real Prometheus and Loki."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.e2e.tool import Tool
from tests.eventually import eventually
from tests.observability import built, loki
from tests.watching import PATIENCE, Watch, watching
from tradectl.dashboards.boards import BOARDS

WINDOW = ("--window", "30s", "--since", "5m")
LOAD = ("--users", "8", "--rate", "16", "--duration", "8")


@dataclass(frozen=True)
class Board:
    """A sandbox in which much was done, and who watched it."""

    watch: Watch
    loki: str

    def ask(self, verb: str, *arguments: str) -> Any:
        """What `tradectl dashboards` prints as JSON, however it ends."""
        at = ("--prometheus", self.watch.prometheus, *(("--loki", self.loki) if self.loki else ()))
        return self.watch.tool.run("dashboards", verb, *arguments, *at, *WINDOW, "--json").json


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    folder = tmp_path_factory.mktemp("dashboards")
    tool = Tool(folder / "home")
    with ExitStack() as stack:
        logs = stack.enter_context(loki(folder)) if built("loki") else ""
        endpoint = {"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": f"{logs}/otlp/v1/logs"} if logs else {}
        stack.callback(tool.run, "down", "--all")
        tool.ok("up", "--quiet", **endpoint)
        watch = stack.enter_context(watching(tool, folder / "watching"))
        busy(tool)
        yield Board(watch, logs)
    assert tool.leftovers() == []


def busy(tool: Tool) -> None:
    """Somebody trades and reads mail; people order, cancel, read and talk. That they are served well others try."""
    for command in (("smoke",), ("load", "run", "mixed", *LOAD)):
        with tool.running(*command) as process:
            process.communicate(timeout=150)


@pytest.mark.night
async def test_each_panel_of_what_is_watched_has_data(board: Board) -> None:
    def missing() -> list[str]:
        items = board.ask("check")["items"]
        return [
            f"{each['dashboard']}, {each['panel']}: {each['empty']}"
            for each in items
            if each["empty"] and not each["not_watched"]
        ]

    try:
        await eventually(lambda: not missing(), PATIENCE, every=3)
    except AssertionError as error:
        raise AssertionError("\n".join(missing())) from error
    items = board.ask("check")["items"]
    assert len(items) == sum(len(list(each.panels())) for each in BOARDS)
    beyond = {each["not_watched"] for each in items} - {""}
    assert beyond == {"mysql", "rabbitmq", "redis", "audit"} | (set() if board.loki else {"loki"})


@pytest.mark.night
def test_a_dashboard_is_drawn_with_all_its_panels(board: Board, tmp_path: Path) -> None:
    drawn = board.ask("plot", "orders", "--into", str(tmp_path / "orders.svg"))
    tree = ET.parse(drawn["file"])
    titles = {each.text for each in tree.iter("{http://www.w3.org/2000/svg}text")}
    assert {each["panel"] for each in drawn["panels"]} <= titles
    curves = len(list(tree.iter("{http://www.w3.org/2000/svg}polyline")))
    assert curves >= len(drawn["panels"])
