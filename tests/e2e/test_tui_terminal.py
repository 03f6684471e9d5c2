"""The trader's terminal in a real pseudo-terminal, which is as it was when it has ended."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.tool import TRADECTL, Tool
from tests.terminals import PROMPT, Terminal, terminal

CRASHING = """
from tradectl.tui.app import Terminal
def broken(self): raise RuntimeError("broken on purpose")
Terminal.action_help = broken
from tradectl.cli.app import main
main()
"""


@pytest.fixture
def shell(platform: Tool, tmp_path: Path) -> Iterator[Terminal]:
    with terminal(tmp_path, 120, 36, **platform.environment) as made:
        yield made


async def test_a_terminal_that_crashes_leaves_the_shell_s_as_it_was(shell: Terminal) -> None:
    await shell.shows(PROMPT)
    before = shell.modes, shell.tty
    shell.run(sys.executable, "-c", CRASHING, "tui", "--demo")
    await shell.shows("live")
    shell.press("?")
    await shell.shows(f"ended=1\n{PROMPT}")
    assert "broken on purpose" in shell.text
    assert (shell.modes, shell.tty) == before


async def test_the_demo_shows_a_fill_within_twenty_seconds_and_leaves_what_it_found(shell: Terminal) -> None:
    await shell.shows(PROMPT)
    shell.run(str(TRADECTL), "demo")
    await shell.shows(r"Filled at \d\d:\d\d:\d\d: \S+ BTCUSDT", timeout=20)
    shell.press("Escape")
    await shell.hides("Filled at")
    shell.press("q")
    await shell.shows(f"ended=0\n{PROMPT}")
    shell.run(str(TRADECTL), "wait", "--ready")
    await shell.shows(f"ended=0\n{PROMPT}")
