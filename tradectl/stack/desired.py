"""What the supervisor should make of its children: written by commands, read by the supervisor at a signal."""

import os
import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import msgspec

from tradectl.stack import locks
from tradectl.stack.state import Sandbox, is_ours, read_json, write_json

LOOK = signal.SIGUSR1
"""Tells a child that something is elsewhere, or is so no more."""
Want = Literal["running", "stopped", "elsewhere"]


class Desire(msgspec.Struct, frozen=True):
    """``turn`` rises with each restart that was asked for; ``elsewhere`` is a terminal that runs the child itself."""

    want: Want = "running"
    turn: int = 0


NOTHING_ASKED = Desire()
SUFFIX = ".elsewhere"


def read(sandbox: Sandbox) -> Mapping[str, Desire]:
    """By child; who is not named should run. What is elsewhere only in word, because that process ended, should too."""
    if not sandbox.desired.exists():
        return {}
    said = msgspec.convert(read_json(sandbox.desired), dict[str, Desire])
    return {
        name: msgspec.structs.replace(desire, want="running")
        if desire.want == "elsewhere" and not is_held(sandbox, name)
        else desire
        for name, desire in said.items()
    }


def change(sandbox: Sandbox, names: Iterable[str], want: Want, *, again: bool = False) -> None:
    """Write down what is wanted of some children, and tell the supervisor; ``again`` restarts those that run."""
    said = dict(read(sandbox))
    for name in names:
        said[name] = Desire(want, said.get(name, NOTHING_ASKED).turn + again)
    write_json(sandbox.desired, msgspec.to_builtins(said))
    tell(sandbox)


def stopped(sandbox: Sandbox) -> list[str]:
    """The children that should not run, whether or not they have ended yet."""
    return [name for name, desire in read(sandbox).items() if desire.want == "stopped"]


def tell(sandbox: Sandbox) -> None:
    """Have the supervisor look."""
    with suppress(ProcessLookupError, FileNotFoundError, ValueError):
        pid = int(sandbox.pid.read_text(encoding="ascii"))
        if is_ours(pid):
            os.kill(pid, signal.SIGHUP)


@contextmanager
def held(sandbox: Sandbox, name: str) -> Iterator[bool]:
    """Be the process that runs a child, for as long as it lives; False when another is."""
    descriptor = os.open(_lock(sandbox, name), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        mine = locks.take(descriptor)
        if mine:
            os.pwrite(descriptor, f"{os.getpid():<10}".encode(), 0)
        yield mine
    finally:
        os.close(descriptor)


def terminals(sandbox: Sandbox) -> list[int]:
    """The processes that run children elsewhere."""
    names = [path.stem for path in sandbox.root.glob(f"*{SUFFIX}")]
    return [int(_lock(sandbox, name).read_text(encoding="ascii") or 0) for name in names if is_held(sandbox, name)]


def is_held(sandbox: Sandbox, name: str) -> bool:
    """Whether a terminal runs the child."""
    return locks.is_held(_lock(sandbox, name))


def _lock(sandbox: Sandbox, name: str) -> Path:
    return sandbox.root / f"{name}{SUFFIX}"
