"""The sandbox of a run of tests: one that is up already, or one in a home of its own that is removed at the end."""

import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp

import pytest

from tradectl.scenario.commands import tradectl
from tradectl.scenario.failures import Broke
from tradectl.scenario.grounds import BUSY, alive
from tradectl.scenario.target import here
from tradectl.stack import state
from tradectl.stack.lifecycle import interrupts_raised
from tradectl.testing.sandbox import Sandbox
from tradectl.testing.telling import told

PREFIX = "tradectl-pytest-"


@told
def existing(name: str) -> Sandbox:
    """The sandbox of that name; TradectlError when it is not up."""
    return Sandbox(here(state.sandbox(name)))


@contextmanager
def started(backend: str, options: Sequence[str], settings: Sequence[str]) -> Iterator[Sandbox]:
    """One that is started for this and removed again; TRADECTL_HOME is its home meanwhile.

    Where it does not come up, its logs stay until the next run.
    """
    sweep()
    home = Path(mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    with at_home(home), terminations_raised():
        up = ("up", "--name", state.DEFAULT, "--backend", backend, "--quiet", *options)
        try:
            begin(up, {**BUSY, **dict(parsed(each) for each in settings)})
            yield Sandbox(here(state.sandbox()))
        finally:
            remove(home)


@told
def begin(up: Sequence[str], settings: dict[str, str]) -> None:
    """Bring it up; Broke with the tool's words when it does not come up."""
    tradectl(*up, settings=settings)


def parsed(setting: str) -> tuple[str, str]:
    """``orders.max_open=2`` by its halves."""
    name, sign, value = (word.strip() for word in setting.partition("="))
    if not (name and sign and value):
        raise pytest.UsageError(f"tradectl_settings: {setting!r} cannot be read; write orders.max_open=2")
    return name, value


@contextmanager
def at_home(home: Path) -> Iterator[None]:
    """What is done meanwhile, in other processes too, is done to the sandboxes below this directory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRADECTL_HOME", str(home))
        patch.delenv("TRADECTL_NAME", raising=False)
        yield


def terminations_raised() -> AbstractContextManager[None]:
    """A SIGTERM ends the tests as Ctrl-C does, so that fixtures are taken down; only a main thread hears of it."""
    is_main = threading.current_thread() is threading.main_thread()
    return interrupts_raised() if is_main else nullcontext()


def remove(home: Path) -> None:
    """Take down what there is; Broke when something of it stays. Of one that never came up, logs are left."""
    names = {each.name for each in state.existing()} | ({state.DEFAULT} if state.sandbox().in_use() else set())
    for name in sorted(names):
        tradectl("down", "--name", name)
    if not any(home.glob("sandboxes/*/logs/*")):
        shutil.rmtree(home, ignore_errors=True)


def sweep() -> None:
    """Remove what runs that were killed have left."""
    for home in Path(gettempdir()).glob(f"{PREFIX}*"):
        if is_orphaned(home):
            with suppress(Broke), at_home(home):
                remove(home)
                shutil.rmtree(home, ignore_errors=True)


def is_orphaned(home: Path) -> bool:
    """Whether it is this user's, and the process that made it is gone."""
    pid = home.name.removeprefix(PREFIX).partition("-")[0]
    try:
        return home.lstat().st_uid == os.getuid() and home.is_dir() and pid.isdecimal() and not alive(int(pid))
    except FileNotFoundError:  # another run sweeps too
        return False
