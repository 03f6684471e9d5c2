"""Market time in the user's hands, and the same market however it gets on."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.tool import Tool
from tradectl.errors import ExitCode

START = "2024-08-08T07:10:00.000000Z"


@pytest.fixture(scope="module")
def timed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tool]:
    """A home for several sandboxes, one after the other."""
    made = Tool(tmp_path_factory.mktemp("timed"))
    yield made
    made.run("down", "--all")
    assert made.leftovers() == []


def up(tool: Tool, name: str, *options: str) -> None:
    tool.ok("up", "--quiet", "--paused", "--name", name, *options)


def clock(tool: Tool, *words: str, name: str) -> Any:
    return tool.ok("clock", *words, "--name", name, "--json").json


def test_time_goes_on_by_steps_to_a_moment_and_never_back(timed: Tool) -> None:
    up(timed, "steps")
    page = clock(timed, "show", name="steps")
    assert (page["now"], page["mode"]) == (START, "paused")
    assert clock(timed, "step", "1m30s", name="steps")["now"] == "2024-08-08T07:11:30.000000Z"
    assert clock(timed, "seek", "07:12:00.5", name="steps")["now"] == "2024-08-08T07:12:00.500000Z"
    page = clock(timed, "step", "2s", "--speed", "4", name="steps")
    assert (page["now"], page["mode"], page["speed"]) == ("2024-08-08T07:12:02.500000Z", "paused", 4.0)
    back = timed.run("clock", "seek", "07:00", "--name", "steps")
    assert back.code == ExitCode.BAD_INPUT
    assert "does not go back" in back.err
    assert "tradectl snapshot load" in back.err
    assert timed.run("clock", "step", "soon", "--name", "steps").code == ExitCode.BAD_INPUT
    assert timed.run("clock", "step", "9h", "--timeout", "0.1", "--name", "steps").code == ExitCode.TIMEOUT
    assert clock(timed, "show", name="steps")["mode"] == "paused", "who gives up leaves no market that runs away"
    assert clock(timed, "live", name="steps")["mode"] == "running"
    timed.ok("up", "--paused", "--name", "steps")
    assert clock(timed, "show", name="steps")["mode"] == "paused"
    assert timed.ok("audit", "--settled", "--name", "steps", "--json").json["clean"]
    timed.ok("down", "--name", "steps")
