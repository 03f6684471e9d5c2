"""What a run comes to, for scripts, build servers and people."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tradectl.scenario import html, junit
from tradectl.scenario.outcome import Failure, Outcome, Status
from tradectl.scenario.report import counted, exit_code, told

FAILURE = Failure(
    where="a.yaml:7",
    step="expect cash: USD",
    said="cash USD: not within 1 s",
    checks=[{"what": "total", "expected": {"ge": 2}, "found": "1.00"}],
    orders=["order 1"],
    timeline=["ann: GET /portfolio → 200"],
    bundle="/tmp/failures/one",
)


def outcome(status: Status, failure: Failure | None = None, why: str = "") -> Outcome:
    made = Outcome("fills/one", "a.yaml", "It should be so \x00 & <b>", [], 1, 1, "embedded", status)
    made.failure, made.why = failure, why
    return made


@pytest.mark.parametrize(
    ("kinds", "code"),
    [(["held", "skipped"], 0), (["held", "failed"], 1), (["failed", "broke"], 3)],
)
def test_the_exit_code_is_that_of_the_worst(kinds: list[Status], code: int) -> None:
    assert exit_code([outcome(kind) for kind in kinds]) == code


def test_kinds_are_counted() -> None:
    assert counted([outcome("held"), outcome("held"), outcome("failed")]) == "2 held, 1 failed"


def test_a_failure_is_told_whole() -> None:
    lines = "\n".join(told(outcome("failed", FAILURE)))
    for said in ("a.yaml:7", "ge 2", "'1.00'", "order 1", "GET /portfolio", "/tmp/failures/one/replay.sh"):
        assert said in lines


def test_build_servers_get_xml_that_parses_whatever_is_in_it(tmp_path: Path) -> None:
    junit.write(tmp_path / "j.xml", [outcome("held"), outcome("failed", FAILURE), outcome("broke", why="gone")], 1.0)
    root = ET.parse(tmp_path / "j.xml").getroot()
    assert [root.get(name) for name in ("tests", "failures", "errors")] == ["3", "1", "1"]
    assert [len(case) for case in root.iter("testcase")] == [0, 1, 1]


def test_the_page_escapes_what_it_shows_and_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    html.write(tmp_path / "p.html", [outcome("failed", FAILURE)], 1.0)
    text = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;" in text
    assert "src=" not in text
    assert "http" not in text
