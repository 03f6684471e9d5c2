"""A sandbox as it was after its first start: the same ports and servers, and nothing in them."""

import time
from dataclasses import dataclass

from tradectl.probes.eventually import eventually
from tradectl.stack import change, pause
from tradectl.stack.backends.backend import Backend, Listener
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.backends.external import External
from tradectl.stack.change import Change
from tradectl.stack.children import MARKET
from tradectl.stack.events import StackEvent
from tradectl.stack.lifecycle import interrupts_raised
from tradectl.stack.settings import RunSettings, Wanted, anew, keep
from tradectl.stack.settings import load as load_settings
from tradectl.stack.snapshots import files, rest
from tradectl.stack.snapshots.save import check_reached, check_there
from tradectl.stack.snapshots.servers import servers
from tradectl.stack.state import Sandbox


@dataclass(frozen=True)
class Reset:
    """``running``: it has begun anew already."""

    running: bool
    seconds: float


QUOTED_WITHIN = 60.0
"""Seconds."""


def reset(sandbox: Sandbox, listen: Listener, wanted: Wanted | None = None) -> Reset:
    """Remove all that the sandbox holds; one that runs makes it anew at once, another one at its next start.

    What is wanted makes another world of it, with the usual settings for all that is not said.
    """
    began = time.monotonic()
    with sandbox.exclusively(), interrupts_raised():
        check_there(sandbox)
        backend, running = backend_of(sandbox), sandbox.in_use()
        settings = anew(load_settings(sandbox), wanted or Wanted())
        if running:
            check_reached(backend)
            with rest.stopped(backend, listen), change.whole(sandbox, Change("reset")):
                keep(sandbox, settings)
                with servers(backend, listen) as found:
                    found.empty()
                _empty_files(sandbox, listen)
            _await_market(backend, settings)
        else:
            with change.whole(sandbox, Change("reset")):
                keep(sandbox, settings)
                _empty_servers(backend, listen)
                _empty_files(sandbox, listen)
    return Reset(running, time.monotonic() - began)


def _await_market(backend: Backend, settings: RunSettings) -> None:
    if MARKET in backend.layout().topology.parts:
        eventually(backend.quote, QUOTED_WITHIN, what="a first quote", hint="`tradectl ps` says what is missing")
    if settings.paused:
        pause.stop(backend.sandbox, backend.endpoint("clock"))


def _empty_servers(backend: Backend, listen: Listener) -> None:
    """What nobody runs: ours go, and the next start makes them anew; those of others stay."""
    if backend.name == External.name:
        with servers(backend, listen) as found:
            found.empty()
    else:
        backend.down(keep_data=False)


def _empty_files(sandbox: Sandbox, listen: Listener) -> None:
    files.discard(sandbox.data)
    sandbox.create()
    pause.keep(sandbox, None)
    listen(StackEvent(kind="emptied", part="files"))
