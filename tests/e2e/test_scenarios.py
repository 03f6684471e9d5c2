"""Scenarios by the command line: the standard set is sound, a failure is told exactly, the guide's examples hold."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from services.contracts.times import from_rfc3339
from tests.architecture.tree import ROOT
from tests.e2e.tool import Tool

STANDARD = ROOT / "scenarios"
EXAMPLE = re.compile(r"^```yaml\n# (mine/[a-z-]+\.yaml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FAILING = """\
scenario: A sum that is not so, to see what is said of it.
actors:
  ann: {deposit: {USD: 1000}}
steps:
  - place: {symbol: IBM, side: buy, type: limit, quantity: 1, limit: bid - 5%, status: new}
    as: order
  - expect: {cash: USD, is: {total: 999, free: {gt: 0}}}
    within: 0.5
"""
SOUND = """\
scenario: An account has what was deposited.
actors:
  ann: {deposit: {USD: 1000}}
steps:
  - expect: {cash: USD, is: {total: 1000}}
"""


def test_the_standard_set_is_sound_and_large(tool: Tool) -> None:
    found = tool.ok("scenario", "list", str(STANDARD), "--json").json
    assert len(found) >= 40
    assert len({each["scenario"] for each in found}) == len(found)
    assert tool.ok("scenario", "check", str(STANDARD), "--json").json["wrong"] == []


def test_a_wrong_file_is_named_with_its_place_and_nothing_is_started(tool: Tool, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(SOUND.replace("total: 1000", "total: '${nobody.id}'").replace("actors:", "aktors:"))
    result = tool.run("scenario", "run", str(file))
    assert result.code == 2
    assert f"{file}:2:1: there is no aktors here" in result.err.replace("\n", "")
    assert not (tool.home / "sandboxes").exists()


def test_a_failure_is_told_with_its_step_its_orders_and_a_bundle_that_runs_it_again(
    platform: Tool, tmp_path: Path
) -> None:
    failing, sound = tmp_path / "sums" / "failing.yaml", tmp_path / "sums" / "sound.yaml"
    failing.parent.mkdir()
    failing.write_text(FAILING)
    sound.write_text(SOUND)
    junit, html = tmp_path / "report.xml", tmp_path / "report.html"
    reports = ("--junit", str(junit), "--html", str(html))
    result = platform.run("scenario", "run", str(failing.parent), "--name", "default", *reports, "--json")
    assert result.code == 1
    assert from_rfc3339(result.json["began"])
    outcomes = {each["name"]: each for each in result.json["outcomes"]}
    assert {name: each["status"] for name, each in outcomes.items()} == {"sums/failing": "failed", "sums/sound": "held"}
    failure = outcomes["sums/failing"]["failure"]
    assert failure["where"] == f"{failing}:7"
    assert failure["checks"] == [{"what": "total", "expected": 999, "found": "1000.00"}]
    assert any("limit" in line for line in failure["orders"])
    assert any("POST /orders" in line for line in failure["timeline"])
    bundle = Path(failure["bundle"])
    assert (bundle / "scenario" / "failing.yaml").read_text() == FAILING
    assert json.loads((bundle / "orders.json").read_text())[0]["status"] == "new"
    suite = ET.parse(junit).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert "expected  999" in html.read_text()


def test_what_needs_this_machine_is_refused_against_a_target(tool: Tool, tmp_path: Path) -> None:
    file = tmp_path / "local.yaml"
    file.write_text(SOUND)
    result = tool.run("scenario", "run", str(file), "--target", "http://127.0.0.1:1")
    assert result.code == 2
    assert "actor ann: needs email and password" in result.err


def test_a_sandbox_that_does_not_answer_is_no_failure_of_the_platform(tool: Tool, tmp_path: Path) -> None:
    file = tmp_path / "there.yaml"
    file.write_text(SOUND)
    result = tool.run("scenario", "run", str(file), "--backend", "external", "--json")
    assert result.code == 3
    assert result.json["outcomes"][0]["status"] == "broke"


def test_the_guides_examples_hold(tool: Tool, tmp_path: Path) -> None:
    examples = EXAMPLE.findall((ROOT / "docs" / "guides" / "qa.md").read_text(encoding="utf-8"))
    assert len(examples) >= 4
    for name, text in examples:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    tool.ok("scenario", "new", str(tmp_path / "mine" / "first.yaml"))
    assert tool.ok("scenario", "run", str(tmp_path / "mine"), "--json").json["ok"] is True
    assert not list((tool.home / "sandboxes").glob("scenario-*"))


def test_the_quick_ones_of_the_standard_set_hold(tool: Tool) -> None:
    result = tool.run("scenario", "run", str(STANDARD), "--tag", "quick", "--json")
    assert result.code == 0, [each for each in result.json["outcomes"] if each["status"] != "held"]


@pytest.mark.night
@pytest.mark.timeout(600)
def test_the_standard_set_holds_within_two_minutes(tool: Tool) -> None:
    with tool.start("scenario", "run", str(STANDARD), "--json") as process:
        result = json.loads(process.communicate(timeout=500)[0])
    assert result["ok"], [each for each in result["outcomes"] if each["status"] != "held"]
    assert result["seconds"] < 120


@pytest.mark.night
@pytest.mark.timeout(2_400)
def test_the_standard_set_holds_on_containers(contained: Tool) -> None:
    with contained.start("scenario", "run", str(STANDARD), "--parallel", "2", "--json") as process:
        result = json.loads(process.communicate(timeout=2_300)[0])
    assert result["ok"], [each for each in result["outcomes"] if each["status"] != "held"]
    assert {each["backend"] for each in result["outcomes"]} == {"containers"}
