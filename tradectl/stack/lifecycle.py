"""From nothing to a market that trades, and back."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType
from typing import Any

from tradectl.probes.eventually import eventually
from tradectl.stack import change, pause
from tradectl.stack.backends.backend import Backend, Listener, OvertakenError
from tradectl.stack.backends.choice import backend_of, chosen
from tradectl.stack.children import MARKET, layout_of
from tradectl.stack.events import StackEvent
from tradectl.stack.explanation import Step, explain
from tradectl.stack.numbering import KEPT, Ports, choose
from tradectl.stack.outside import Outside, outside
from tradectl.stack.plan import plan
from tradectl.stack.settings import Wanted, settle
from tradectl.stack.state import Sandbox

POLL = 0.005
"""Seconds between two looks at the event file; `up` is measured."""


@dataclass(frozen=True)
class Outcome:
    """``changed`` is False when everything ran already; ``quote`` is empty where nobody quotes."""

    changed: bool
    seconds: float
    backend: str
    endpoints: dict[str, str]
    quote: dict[str, Any]
    start: Step
    """What waited for what."""
    outside: Outside | None = None
    """Where only the outside world is up: how to reach it."""


def up(sandbox: Sandbox, wanted: Wanted, tell: Listener, *, timeout: float, choice: Ports = KEPT) -> Outcome:
    """Start what does not run and wait for the first quote; when that fails, nothing is left running."""
    try:
        return _up(sandbox, wanted, tell, timeout, choice)
    except OvertakenError:  # what was killed just before may still have seemed to run
        return _up(sandbox, wanted, tell, timeout, choice)


def _up(sandbox: Sandbox, wanted: Wanted, tell: Listener, timeout: float, choice: Ports) -> Outcome:
    began, heard = time.time_ns() // 1_000, list[StackEvent]()

    def listen(event: StackEvent) -> None:
        heard.append(event)
        tell(event)

    with sandbox.exclusively():
        change.check(sandbox)
        wanted = replace(wanted, backend=chosen(sandbox, wanted, listen))
        settings = settle(sandbox, wanted, running=sandbox.in_use())
        backend, first = backend_of(sandbox, settings.backend), not sandbox.exists
        observed, layout = backend.observe(), layout_of(settings)
        if not observed.supervisor:
            sandbox.create()
        choose(sandbox, layout, choice, running=observed.supervisor)
        steps = plan(layout.topology, observed)
        with undone_on_failure(backend, started=not observed.supervisor, first=first):
            if steps:
                sandbox.unfinished.write_text("first" if first else "again", encoding="ascii")
            backend.apply(steps, settings, listen)
            quote = await_quote(backend, listen, timeout - _since(began))
            sandbox.unfinished.unlink(missing_ok=True)
        endpoints = backend.endpoints()
        (pause.stop if wanted.paused else pause.release)(sandbox, endpoints["clock.http"])
    return Outcome(
        changed=bool(steps),
        seconds=_since(began),
        backend=settings.backend,
        endpoints=endpoints,
        quote=quote,
        start=explain(heard, began),
        outside=None if layout.topology.services else outside(sandbox, endpoints),
    )


def _since(moment: int) -> float:
    """Seconds from a wall time in microseconds until now."""
    return time.time() - moment / 1_000_000


def await_quote(backend: Backend, listen: Listener, timeout: float) -> dict[str, Any]:
    """Pass progress on until every part is ready and a price has arrived, where there is somebody to ask."""
    quotes = MARKET in backend.layout().topology.parts

    def market() -> dict[str, Any] | None:
        for event in backend.progress():
            listen(event)
        if not all(backend.ready(child.name) for child in backend.layout()):
            return None
        return backend.quote() if quotes else {}

    hint = "`tradectl ps` and `tradectl logs` say what is missing; --timeout gives it longer"
    quote = eventually(
        market, timeout, what=f"sandbox {backend.sandbox.name} with a first quote", every=POLL, hint=hint
    )
    if quotes:
        listen(StackEvent(kind="quote", part=MARKET, text=str(quote.get("symbol", "")), time=time.time_ns() // 1_000))
    return quote


@contextmanager
def undone_on_failure(backend: Backend, *, started: bool, first: bool) -> Iterator[None]:
    """Whatever ends the start, an error or an interrupt, stops what it had started; a first one leaves no state."""
    with interrupts_raised():
        try:
            yield
        except BaseException:
            if started:
                with interrupts_ignored():
                    backend.undo(keep_data=not first)
                    backend.sandbox.unfinished.unlink(missing_ok=True)
            if started and first:
                backend.sandbox.forget()
            raise


@contextmanager
def interrupts_raised() -> Iterator[None]:
    """SIGTERM is an interrupt like the keyboard's."""

    def interrupt(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Cleaning up is not interrupted a second time."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def down(sandbox: Sandbox, *, keep_data: bool = False) -> bool:
    """Stop everything, check that nothing is left, and remove the state unless it is to be kept; whether it ran."""
    if not sandbox.root.is_dir():
        return False
    with sandbox.exclusively(), interrupts_ignored():
        ran = backend_of(sandbox).down(keep_data=keep_data)
        sandbox.unfinished.unlink(missing_ok=True)
        if not keep_data:
            sandbox.remove()
    return ran
