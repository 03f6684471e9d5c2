"""What the tests of the terminals stand on: a pseudo-terminal by tmux, tried on a small app."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.tradectl import drawn_page
from tests.terminals import PROMPT, Terminal, terminal

PAGE = (sys.executable, str(Path(drawn_page.__file__)))


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Terminal]:
    with terminal(tmp_path, 60, 12) as made:
        yield made


async def test_keys_and_clicks_reach_a_program_and_its_screen_is_read(shell: Terminal) -> None:
    shell.run(*PAGE)
    await shell.shows("type here")
    shell.type("12.5")
    shell.press("Enter")
    await shell.shows(r"said: 12\.5")
    shell.type("0")
    await shell.shows(r"12\.50")
    row = next(number for number, line in enumerate(shell.text.splitlines()) if "Say it" in line)
    shell.click(shell.text.splitlines()[row].index("Say it"), row)
    await shell.shows(r"said: 12\.50")


@pytest.mark.parametrize("end", ["quit", "crash"])
async def test_a_program_that_quits_or_crashes_leaves_the_terminal_as_it_was(shell: Terminal, end: str) -> None:
    await shell.shows(PROMPT)
    before, line = shell.modes, shell.tty
    shell.run(*PAGE)
    await shell.shows("type here")
    assert shell.modes["alternate_on"] == "1"
    assert shell.tty != line
    if end == "quit":
        shell.press("C-q")
        await shell.shows(f"ended=0\n{PROMPT}")
    else:
        shell.type("boom")
        shell.press("Enter")
        await shell.shows(f"ended=1\n{PROMPT}")
    assert (shell.modes, shell.tty) == (before, line)


async def test_what_is_not_seen_in_time_fails_with_what_is(shell: Terminal) -> None:
    await shell.shows(PROMPT)
    with pytest.raises(AssertionError, match=r"'nowhere' is not seen within 0 s in:\n" + PROMPT):
        await shell.shows("nowhere", timeout=0)
