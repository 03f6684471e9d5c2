"""Stop, start and restart single children of a sandbox that runs."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from tradectl.errors import ExitCode, TradectlError
from tradectl.probes.eventually import eventually
from tradectl.stack import change, desired
from tradectl.stack.backends.backend import Backend
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.backends.local import not_up
from tradectl.stack.children import SIM, Child, Layout
from tradectl.stack.desired import Want
from tradectl.stack.state import Sandbox


@dataclass(frozen=True)
class Steered:
    """What became of some children; ``pids`` are those that run now."""

    children: tuple[str, ...]
    state: str
    pids: dict[str, int]
    seconds: float


def restart(sandbox: Sandbox, name: str, timeout: float) -> Steered:
    """End a child and start it with the code as it is now; returns when it is ready."""
    return _steer(sandbox, name, "running", timeout, again=True)


def start(sandbox: Sandbox, name: str, timeout: float) -> Steered:
    """Start what was stopped; returns when it is ready."""
    return _steer(sandbox, name, "running", timeout)


def stop(sandbox: Sandbox, name: str, timeout: float) -> Steered:
    """End a child until it is started again; the others go on without it."""
    return _steer(sandbox, name, "stopped", timeout)


def _steer(sandbox: Sandbox, name: str, want: Want, timeout: float, *, again: bool = False) -> Steered:
    began = time.monotonic()
    with sandbox.exclusively():
        if not sandbox.in_use():
            raise not_up(sandbox)
        change.check(sandbox)
        backend = backend_of(sandbox)
        names = [child.name for child in meant(sandbox, backend.layout(), name)]
        steer(backend, names, want, timeout, again=again)
    pids = {name: int(ready["pid"]) for name in names if (ready := backend.ready(name))}
    return Steered(tuple(names), want, pids, time.monotonic() - began)


def steer(backend: Backend, names: Sequence[str], want: Want, timeout: float, *, again: bool = False) -> None:
    """Have some children be as wanted, and wait until they are; TradectlError when one of them ends instead."""
    told = backend.children()
    before = {name: (told[name]["pid"], told[name]["restarts"]) for name in names}
    desired.change(backend.sandbox, names, want, again=again)

    def met() -> bool | None:
        told = backend.children()
        for name in names:
            pid, restarts = before[name]
            if want != "running":
                if told[name]["state"] != want:
                    return None
                continue
            if told[name]["restarts"] > restarts:
                raise _ended(backend, name, told[name]["ended"])
            ready = backend.ready(name)
            if ready is None or (again and ready["pid"] == pid):
                return None
        return True

    eventually(met, timeout, what=f"{', '.join(names)} {want}", hint="`tradectl ps` says how it is")


def meant(sandbox: Sandbox, layout: Layout, name: str) -> tuple[Child, ...]:
    """The children that a user names; TradectlError where there is none that could be steered alone."""
    if found := layout.named(name):
        return found
    known = ", ".join(child.name for child in layout)
    if whole := home(layout, name):
        if whole == SIM:
            hint = f"the outside world is one process: `tradectl restart {whole}`"
        else:
            hint = "services are processes of their own on containers: `tradectl up --backend containers --name ...`"
        raise TradectlError(f"{name} of sandbox {sandbox.name} shares its process with others", hint, ExitCode.CONFLICT)
    raise TradectlError(f"there is no service {name!r}", f"one of: {known}", ExitCode.NOT_FOUND)


def home(layout: Layout, part: str) -> str:
    """The process that holds a part; empty where there is no such part."""
    return next((child.name for child in layout for each in child.instances if part in (each.part, each.name)), "")


def _ended(backend: Backend, name: str, how: str) -> TradectlError:
    hint = f"`tradectl logs {name} --level error --name {backend.sandbox.name}` says why; it is tried again by itself"
    return TradectlError(f"{name} {how} instead of becoming ready", hint)
