"""A real pseudo-terminal: a shell in tmux, typed at and read."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.containers import required
from tests.eventually import PATIENCE, eventually

PROMPT = "ready>"
MODES = ("alternate_on", "cursor_flag", "keypad_flag", "mouse_any_flag", "pane_in_mode")


@dataclass(frozen=True)
class Terminal:
    """A pane of a tmux server of its own; its shell stays when what it runs has ended."""

    socket: Path
    environment: Mapping[str, str]

    def tmux(self, *arguments: str) -> str:
        """What tmux says; CalledProcessError where it refuses."""
        command = ["tmux", "-S", str(self.socket), "-f", os.devnull, *arguments]
        done = subprocess.run(command, env=dict(self.environment), capture_output=True, text=True, check=True)
        return done.stdout

    def type(self, text: str) -> None:
        """Characters as they are."""
        self.tmux("send-keys", "-l", "--", text)

    def press(self, *keys: str) -> None:
        """Keys by tmux's names: Enter, Escape, Tab, C-c, Up, F1, or a character."""
        self.tmux("send-keys", *keys)

    def run(self, *command: str) -> None:
        """Type a command line and its Enter; its exit code is shown as ``ended=CODE``."""
        self.type(f"{shlex.join(command)}; echo ended=$?")
        self.press("Enter")

    def click(self, column: int, row: int) -> None:
        """The left button down and up, cells counted from 0, as xterm reports it (SGR)."""
        for end in "Mm":
            self.type(f"\x1b[<0;{column + 1};{row + 1}{end}")

    def resize(self, width: int, height: int) -> None:
        """In cells."""
        self.tmux("resize-window", "-x", str(width), "-y", str(height))

    @property
    def text(self) -> str:
        """What is seen now, a line a row."""
        return self.tmux("capture-pane", "-p")

    @property
    def coloured(self) -> str:
        """The same with its escape sequences."""
        return self.tmux("capture-pane", "-p", "-e")

    @property
    def modes(self) -> dict[str, str]:
        """What a program may leave behind: alternate screen, cursor, keypad, mouse."""
        said = self.tmux("display-message", "-p", " ".join(f"#{{{mode}}}" for mode in MODES))
        return dict(zip(MODES, said.split(), strict=True))

    @property
    def tty(self) -> str:
        """How the line discipline is set, as `stty -g` writes it."""
        device = self.tmux("display-message", "-p", "#{pane_tty}").strip()
        return subprocess.run(["stty", "-F", device, "-g"], capture_output=True, text=True, check=True).stdout

    async def shows(self, pattern: str, timeout: float = PATIENCE) -> re.Match[str]:
        """What the pattern finds on the screen, as soon as it does; else AssertionError with what is seen."""
        try:
            return await eventually(lambda: re.search(pattern, self.text), timeout, every=0.05)
        except AssertionError as error:
            raise AssertionError(f"{pattern!r} is not seen within {timeout:g} s in:\n{self.text}") from error

    async def has_cursor_on(self, word: str) -> None:
        """Until the first letter of this word is drawn otherwise than the rest: there the next key is heard."""
        first, rest = re.escape(word[0]), re.escape(word[1:])
        await eventually(lambda: re.search(rf"{first}(?:\x1b\[[0-9;:]*m)+{rest}", self.coloured), every=0.05)

    async def hides(self, pattern: str, timeout: float = PATIENCE) -> None:
        """Until the pattern finds nothing any more."""
        try:
            await eventually(lambda: not re.search(pattern, self.text), timeout, every=0.05)
        except AssertionError as error:
            raise AssertionError(f"{pattern!r} is still seen after {timeout:g} s in:\n{self.text}") from error


@contextmanager
def terminal(folder: Path, width: int = 80, height: int = 24, **environment: str) -> Iterator[Terminal]:
    """A shell of that size whose prompt is ``ready>``; whatever runs in it ends with it."""
    need()
    settings = folder / "bashrc"
    settings.write_text(f"PS1='{PROMPT} '\nunset HISTFILE\n", encoding="utf-8")
    own = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "COLORTERM": "truecolor", **environment}
    made = Terminal(folder / "tmux", {**os.environ, **own})
    shell = shlex.join(["bash", "--noprofile", "--rcfile", str(settings)])
    made.tmux("new-session", "-d", "-x", str(width), "-y", str(height), shell)
    try:
        made.tmux("set-option", "-g", "status", "off")
        yield made
    finally:
        made.tmux("kill-server")


def need() -> None:
    """Skip where there is no tmux; fail where nothing may be left out."""
    if shutil.which("tmux"):
        return
    if required():
        pytest.fail("tmux is not installed, and TRADECTL_REQUIRE_ENGINE is set")
    pytest.skip("tmux is not installed: apt-get install tmux")
