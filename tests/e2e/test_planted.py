"""Bugs that are planted are caught by the scenario of the standard set that the guide names."""

import json
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.e2e.planted import PLANTED, Planted
from tests.e2e.tool import Tool

each_bug = pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.bug.replace(" ", "-"))


@each_bug
def test_it_can_still_be_planted_and_the_guide_says_what_catches_it(planted: Planted) -> None:
    planted.planted_in((ROOT / planted.file).read_text(encoding="utf-8"))
    assert planted.scenario.is_file()
    guide = (ROOT / "docs" / "guides" / "qa.md").read_text(encoding="utf-8")
    (row,) = [line for line in guide.splitlines() if line.startswith(f"| {planted.bug} |")]
    assert f"`{planted.caught_by}`" in row
    assert planted.said in row


@pytest.mark.night
@pytest.mark.timeout(900)
@each_bug
def test_the_standard_set_catches_it(planted: Planted, tool: Tool, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    planted.plant(tree)
    with tool.start("scenario", "run", str(planted.scenario), "--json", PYTHONPATH=str(tree)) as process:
        out, err = process.communicate(timeout=600)
    assert process.returncode == 1, out + err
    (caught,) = [each for each in json.loads(out)["outcomes"] if each["name"] == planted.caught_by]
    assert caught["status"] == "failed"
    assert caught["failure"]["step"] == planted.said
