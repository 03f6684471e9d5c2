"""Every dashboard: its file is current, of Grafana's schema, and each query reads what somebody exports."""

import json
import re
from itertools import pairwise

import pytest

from tests.architecture.test_alerts import HISTOGRAMS, known
from tradectl.alerts import promql
from tradectl.dashboards.__main__ import FOLDER
from tradectl.dashboards.boards import BOARDS
from tradectl.dashboards.grafana import WIDTH, text
from tradectl.dashboards.model import PROMETHEUS, Board

WANTED = {
    "platform",
    "service",
    "orders",
    "market-data",
    "fix",
    "rabbitmq",
    "mysql",
    "redis",
    "release",
    "capacity",
}


def uid(board: Board) -> str:
    return board.uid


def test_every_dashboard_is_there_once() -> None:
    assert [board.uid for board in BOARDS if board.uid in WANTED] == [board.uid for board in BOARDS]
    assert {file.stem for file in FOLDER.glob("*.json")} == {board.uid for board in BOARDS} == WANTED


@pytest.mark.parametrize("board", BOARDS, ids=uid)
def test_its_file_is_current(board: Board) -> None:
    lying = (FOLDER / f"{board.uid}.json").read_text(encoding="utf-8")
    assert lying == text(board), "`python -m tradectl.dashboards` writes it anew"


@pytest.mark.parametrize("board", BOARDS, ids=uid)
def test_its_panels_fill_each_row_and_have_a_query_and_a_word_each(board: Board) -> None:
    document = json.loads(text(board))
    panels = [panel for panel in document["panels"] if panel["type"] != "row"]
    assert len(panels) == len(list(board.panels()))
    for panel in panels:
        assert panel["title"]
        assert panel["description"].endswith(".")
        assert panel["targets"]
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= WIDTH
    assert all(before["gridPos"]["y"] <= after["gridPos"]["y"] for before, after in pairwise(panels))


@pytest.mark.parametrize("board", BOARDS, ids=uid)
def test_every_metric_that_it_reads_is_exported_by_somebody(board: Board) -> None:
    asked = [query.expression for panel in board.panels() for query in panel.queries if query.source == PROMETHEUS]
    read = {name for expression in asked for name in promql.metrics(expression)}
    read |= {variable.metric for variable in board.variables}
    assert {name for name in read if promql.base(name, HISTOGRAMS) not in known()} == set()


@pytest.mark.parametrize("board", BOARDS, ids=uid)
def test_what_a_query_takes_from_the_reader_the_dashboard_asks_for(board: Board) -> None:
    given = {f"${variable.name}" for variable in board.variables} | {"$__rate_interval", "$__interval"}
    words = {word for panel in board.panels() for query in panel.queries for word in _dollars(query.expression)}
    assert words <= given


def _dollars(expression: str) -> set[str]:
    return set(re.findall(r"\$\w+", expression))
