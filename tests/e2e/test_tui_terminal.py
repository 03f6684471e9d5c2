"""The trader's terminal in a real pseudo-terminal: sign in, order, fill, quit; the terminal is as it was, always."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.tool import TRADECTL, Tool
from tests.terminals import PROMPT, Terminal, terminal
from tradectl.desk.entry import Entry, demo_account
from tradectl.stack.ports import endpoints

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


@pytest.fixture
def account(platform: Tool) -> tuple[str, str]:
    """Address and password of somebody with money."""
    found = endpoints(platform.sandbox() / "ports.json")
    return demo_account(Entry(found["bff.http"], endpoints=found), "en")


async def test_a_trader_signs_in_orders_sees_the_fill_and_quits(shell: Terminal, account: tuple[str, str]) -> None:
    await shell.shows(PROMPT)
    before = shell.modes, shell.tty
    shell.run(str(TRADECTL), "tui")
    await shell.shows("Sign in")
    address, password = account
    await shell.has_cursor_on("E-mail")
    shell.type(address)
    await shell.shows(address)
    shell.press("Tab")
    await shell.has_cursor_on("Password")
    shell.type(password)
    await shell.shows("•" * len(password))
    shell.press("Enter")
    await shell.shows("● live|live")
    shell.press("t")
    await shell.shows("Ticket AAPL")
    shell.type("2")
    await shell.shows(r"Cost at most +\d")
    shell.press("Enter")
    await shell.shows(r"AAPL +Buy .*filled")
    shell.press("Escape", "3")
    await shell.shows(r"AAPL +2 ")
    shell.press("q")
    await shell.shows(f"ended=0\n{PROMPT}")
    assert (shell.modes, shell.tty) == before


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
    shell.run(str(TRADECTL), "wait")
    await shell.shows(f"(?s)ended=0\n{PROMPT}.*ended=0\n{PROMPT}")
