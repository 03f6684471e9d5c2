"""A platform brought to rest: nobody comes in, market time stands, nothing is under way; then its processes end."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tradectl.audit.snapshot import Sources
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes.eventually import eventually
from tradectl.probes.settled import await_rest
from tradectl.stack import change, control, pause
from tradectl.stack.backends.backend import Backend, Listener
from tradectl.stack.events import StackEvent
from tradectl.stack.lifecycle import interrupts_ignored

DOOR = "bff"
STOP_WITHIN = 15.0
START_WITHIN = 90.0
"""Seconds."""


@dataclass(frozen=True)
class Rest:
    """``market`` is where its time stands."""

    market: str


@contextmanager
def drained(backend: Backend, listen: Listener, timeout: float) -> Iterator[Rest]:
    """Everything that was begun is done when the processes end; afterwards they go on."""
    check_whole(backend)
    clock = backend.endpoint("clock")
    door = [child.name for child in backend.layout() if child.service and child.instances[0].part == DOOR]
    began = time.monotonic()
    try:
        market = pause.hold(backend.sandbox, clock)
        control.steer(backend, door, "stopped", STOP_WITHIN)
        await_settled(backend, timeout)
        listen(StackEvent(kind="drained", part="platform", seconds=time.monotonic() - began))
        control.steer(backend, everybody(backend), "stopped", STOP_WITHIN)
        yield Rest(market)
    finally:
        with interrupts_ignored():
            resume(backend, listen)


@contextmanager
def stopped(backend: Backend, listen: Listener) -> Iterator[None]:
    """The processes end as they are; they start again unless what they would start on is half changed."""
    check_not_elsewhere(backend)
    try:
        control.steer(backend, everybody(backend), "stopped", STOP_WITHIN)
        yield
    finally:
        with interrupts_ignored():
            if change.begun(backend.sandbox) is None:
                resume(backend, listen)


def resume(backend: Backend, listen: Listener) -> None:
    """Every process runs and is ready, and market time goes on."""
    began = time.monotonic()
    control.steer(backend, everybody(backend), "running", START_WITHIN)
    pause.release(backend.sandbox, backend.endpoint("clock"))
    listen(StackEvent(kind="ready", part="platform", seconds=time.monotonic() - began))


def everybody(backend: Backend) -> list[str]:
    return [child.name for child in backend.layout()]


def check_whole(backend: Backend) -> None:
    """TradectlError naming a process that is not there to finish what it has begun."""
    check_not_elsewhere(backend)
    for child in everybody(backend):
        if backend.ready(child) is None:
            name, flag = backend.sandbox.name, change.flag(backend.sandbox)
            hint = f"`tradectl up{flag}` starts what is missing, `tradectl ps{flag}` says why"
            raise TradectlError(f"{child} of sandbox {name} is not ready, so nothing settles", hint, ExitCode.NOT_UP)


def check_not_elsewhere(backend: Backend) -> None:
    """Of a supervisor that has just begun what it says of its children is waited for."""
    eventually(lambda: backend.children() or None, STOP_WITHIN, what="the supervisor's word of its children")
    for child, told in backend.children().items():
        if told["state"] == "elsewhere":
            raise TradectlError(f"{child} runs in a terminal", "end it there first", ExitCode.CONFLICT)


def await_settled(backend: Backend, timeout: float) -> None:
    """Two looks agree that nothing is under way; TradectlError naming what is."""
    sources = Sources.of(backend.endpoints(), backend.sandbox.keys(), backend.sandbox.losses)
    hint = "`tradectl audit` shows what it is about; --timeout gives it longer"
    await_rest(sources.settled(), timeout, hint=hint)
