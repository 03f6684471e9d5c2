"""Five held scenarios have a digest each: the same on every run, on embedded parts and on containers.

By day they are run once on either, by night ten times.
"""

import json
from collections.abc import Iterator
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


@pytest.fixture
def contained_too(tmp_path: Path) -> Iterator[Tool]:
    """Beside a home on embedded parts."""
    yield from contained_in(tmp_path / "contained")


@pytest.mark.timeout(600)
def test_five_scenarios_give_the_same_digests_on_either_backend(tool: Tool, contained_too: Tool) -> None:
    found = digests(contained_too, 1)
    assert all(found.values())
    assert found == digests(tool, 1)


@pytest.mark.night
@pytest.mark.timeout(3_000)
def test_five_scenarios_give_the_same_digests_ten_times_on_either_backend(tool: Tool, contained_too: Tool) -> None:
    found = digests(contained_too, 10)
    assert all(found.values())
    assert found == digests(tool, 10)
