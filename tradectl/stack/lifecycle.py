"""From nothing to a market that trades, and back."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from tradectl.probes.eventually import eventually
from tradectl.stack.backends.embedded import Embedded
from tradectl.stack.events import StackEvent
from tradectl.stack.plan import plan
from tradectl.stack.settings import Wanted, settle
from tradectl.stack.state import Sandbox
from tradectl.stack.topology import platform

Listener = Callable[[StackEvent], None]
POLL = 0.005
"""Seconds between two looks at the event file; `up` is measured."""


@dataclass(frozen=True)
class Outcome:
    """``changed`` is False when everything ran already."""

    changed: bool
    seconds: float
    endpoints: dict[str, str]
    quote: dict[str, Any]


def up(backend: Embedded, wanted: Wanted, listen: Listener, *, timeout: float, new_ports: bool = False) -> Outcome:
    """Start what does not run and wait for the first quote; when that fails, nothing is left running."""
    began = time.monotonic()
    sandbox = backend.sandbox
    with sandbox.exclusively():
        observed = backend.observe()
        settings = settle(sandbox, wanted, running=observed.supervisor)
        first = not sandbox.exists
        if not observed.supervisor:
            sandbox.create()
            if new_ports:
                sandbox.ports.unlink(missing_ok=True)
        steps = plan(platform(), observed)
        with undone_on_failure(backend, started=not observed.supervisor, first=first):
            backend.apply(steps, settings)
            quote = await_quote(backend, listen, timeout - (time.monotonic() - began))
    document = backend.host()
    endpoints = {} if document is None else dict(document["endpoints"])
    return Outcome(bool(steps), time.monotonic() - began, endpoints, quote)


def await_quote(backend: Embedded, listen: Listener, timeout: float) -> dict[str, Any]:
    """Pass progress on until every part is ready and a price has arrived."""

    def market() -> dict[str, Any] | None:
        for event in backend.progress():
            listen(event)
        return backend.quote()

    hint = "`tradectl ps` and `tradectl logs` say what is missing; --timeout gives it longer"
    quote = eventually(
        market, timeout, what=f"sandbox {backend.sandbox.name} with a first quote", every=POLL, hint=hint
    )
    listen(StackEvent(kind="quote", part="market_data", text=str(quote.get("symbol", ""))))
    return quote


@contextmanager
def undone_on_failure(backend: Embedded, *, started: bool, first: bool) -> Iterator[None]:
    """Whatever ends the start, an error or an interrupt, stops what it had started; a first one leaves no state."""
    with interrupts_raised():
        try:
            yield
        except BaseException:
            if started:
                with interrupts_ignored():
                    backend.stop()
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
        ran = Embedded(sandbox).down()
        if not keep_data:
            sandbox.remove()
    return ran
