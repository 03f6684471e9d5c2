"""Five held scenarios have a digest each: the same on every run, on embedded parts and on containers."""

import json
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.e2e.conftest import contained_in
from tests.e2e.tool import Tool

HELD = ROOT / "scenarios" / "held"
PARALLEL = "2"
"""Sandboxes at a time: four containers each."""


def digests(tool: Tool, rounds: int) -> dict[str, str]:
    """By scenario; `scenario run` fails where two rounds differ."""
    command = ("scenario", "run", str(HELD), "--backend", tool.backend, "--repeat", str(rounds), "--parallel", PARALLEL)
    with tool.start(*command, "--json") as process:
        out, said = process.communicate()
    assert process.returncode == 0, out + said
    outcomes = json.loads(out)["outcomes"]
    assert len(outcomes) == 5 * rounds
    return {each["name"]: each["digest"] for each in outcomes}


def on_both(tool: Tool, home: Path, rounds: int) -> None:
    for contained in contained_in(home):
        assert digests(contained, rounds) == digests(tool, rounds)


@pytest.mark.timeout(600)
def test_five_scenarios_give_the_same_digests_twice_on_either_backend(tool: Tool, tmp_path: Path) -> None:
    on_both(tool, tmp_path / "contained", 2)


@pytest.mark.night
@pytest.mark.timeout(3_000)
def test_five_scenarios_give_the_same_digests_ten_times_on_either_backend(tool: Tool, tmp_path: Path) -> None:
    on_both(tool, tmp_path / "contained", 10)
