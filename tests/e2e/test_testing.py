"""The pytest plugin: the guide's own tests pass, a failure says what to do next, and nothing of a run is left."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.e2e.tool import Tool, interruptible
from tests.eventually import eventually
from tradectl.testing.running import PREFIX

EXAMPLE = re.compile(r"^```(?:python|ini)\n# (test_mine\.py|pytest\.ini)\n(.*?)^```", re.MULTILINE | re.DOTALL)
TOGETHER = 200
"""Seconds for a run of pytest on a busy machine."""
FAILING = """\
def test_dear(trader):
    trader.place("IBM", "buy", 2, limit="bid - 5%", status="filled", within=0.5)

def test_misspelt(fault):
    fault("fix.diskonnect")

def test_name(sandbox):
    sandbox.settle()
    assert sandbox.tradectl("fault", "list")["items"] == []
"""
WAITING = """\
import os, pathlib, signal

def test_it_waits(sandbox):
    pathlib.Path("waiting").touch()
    while True:
        signal.pause()
"""
SWEEPING = "from tradectl.testing.running import sweep; sweep()"


def environment(tool: Tool) -> dict[str, str]:
    """Temporary directories are made below the tool's home, so that it sees what is left of them."""
    own = {name: value for name, value in tool.environment.items() if name != "PYTEST_ADDOPTS"}
    return own | {"TMPDIR": str(tool.home)}


@contextmanager
def pytest_on(folder: Path, tool: Tool, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A run of pytest in this folder, for as long as something else is done."""
    command = [sys.executable, "-m", "pytest", "-p", "tradectl.testing", "-p", "no:cacheprovider", *options]
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment(tool),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=interruptible,  # noqa: PLW1509 (as in tool.py)
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def homes(tool: Tool) -> list[Path]:
    """Of sandboxes that the plugin has made."""
    return list(tool.home.glob(f"{PREFIX}*"))


def sweep(tool: Tool) -> None:
    """What the next run does first."""
    subprocess.run([sys.executable, "-c", SWEEPING], env=environment(tool), check=True, timeout=TOGETHER)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where somebody's tests lie."""
    made = tmp_path / "mine"
    made.mkdir()
    return made


def test_the_guides_tests_pass_and_nothing_is_left(folder: Path, tool: Tool) -> None:
    found = dict(EXAMPLE.findall((ROOT / "docs" / "guides" / "qa.md").read_text(encoding="utf-8")))
    assert set(found) == {"test_mine.py", "pytest.ini"}
    for name, text in found.items():
        (folder / name).write_text(text, encoding="utf-8")
    with pytest_on(folder, tool, "test_mine.py") as run:
        out, _ = run.communicate(timeout=TOGETHER)
    assert run.returncode == 0, out
    assert f"{found['test_mine.py'].count('def test_')} passed" in out
    assert homes(tool) == []
    assert tool.leftovers() == []


def test_a_failure_says_where_what_and_how_to_go_on_and_a_given_sandbox_stays(folder: Path, platform: Tool) -> None:
    (folder / "test_failing.py").write_text(FAILING, encoding="utf-8")
    with pytest_on(folder, platform, "--tradectl-sandbox", "default") as run:
        out, _ = run.communicate(timeout=TOGETHER)
    assert run.returncode == 1
    assert "2 failed, 1 passed" in out, out
    assert "status: expected 'filled', found 'new'" in out
    assert "test_failing.py:2: Unmet" in out, "the test's line, and none of ours"
    assert re.search(r"tradectl: orders -+\n\w+ buy 2 IBM limit day", out)
    assert "POST /orders → 201" in out
    assert "mend: perhaps fix.disconnect" in out
    assert "tradectl logs --name default" in out
    assert homes(platform) == []
    platform.ok("wait", "--timeout", "10")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
async def test_a_run_that_is_ended_leaves_nothing_or_the_next_one_removes_it(
    folder: Path, tool: Tool, number: signal.Signals
) -> None:
    (folder / "test_waiting.py").write_text(WAITING, encoding="utf-8")
    with pytest_on(folder, tool) as run:
        await eventually((folder / "waiting").exists, TOGETHER, every=0.1)
        assert len(homes(tool)) == 1
        assert tool.leftovers()
        os.kill(run.pid, number)
        run.communicate(timeout=TOGETHER)
    if number == signal.SIGKILL:
        assert tool.leftovers()
        sweep(tool)
    assert homes(tool) == []
    assert tool.leftovers() == []
