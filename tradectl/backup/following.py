"""A shipper that outlasts what it needs: primary, store and engine may go and come back."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from tradectl.backup.create import check_ours
from tradectl.backup.programs import Programs, of_sandbox
from tradectl.backup.ship import ROLE, Shipper, Source, ship, shipper
from tradectl.backup.store import Store
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack import change
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.lifecycle import interrupts_raised
from tradectl.stack.snapshots.save import check_there
from tradectl.stack.state import Sandbox

PAUSE = 2.0
"""Seconds that something lost is left alone."""
HOPELESS = {ExitCode.USAGE, ExitCode.BAD_INPUT, ExitCode.CONFLICT}
"""What trying again does not mend."""


def of(sandbox: Sandbox) -> Source:
    """The logs of a sandbox; TradectlError when it has none."""
    check_there(sandbox)
    backend = backend_of(sandbox)
    if backend.name == "embedded":
        hint = "`tradectl backup create` makes a full backup, as often as it is asked to"
        raise TradectlError("a sandbox on embedded parts has no binary log", hint, ExitCode.CONFLICT)
    check_ours(backend)
    return Source(sandbox.name, partial(_reached, sandbox))


@contextmanager
def _reached(sandbox: Sandbox) -> Iterator[Programs]:
    """Not while a restore makes the primary anew: what that logs first goes again, and its name is given twice."""
    if change.begun(sandbox):
        hint = "it is followed again when that is done"
        raise TradectlError(f"sandbox {sandbox.name} is being put back", hint, ExitCode.NOT_UP)
    with of_sandbox(sandbox, name=ROLE) as run:
        yield run


def follow(
    source: Source,
    store: Store,
    key: bytes,
    every: float,
    lasting: float | None,
    tell: Callable[[Shipper, int], None],
    lost: Callable[[TradectlError], None],
    *,
    keep: int | None = None,
) -> None:
    """Ship for life, or for so many seconds."""
    deadline = None if lasting is None else time.monotonic() + lasting

    def over() -> bool:
        return deadline is not None and time.monotonic() >= deadline

    with interrupts_raised():
        while True:
            try:
                with shipper(source, store, key, keep) as following:
                    ship(following, every, tell, over)
                return
            except TradectlError as error:
                if error.exit_code in HOPELESS or over():
                    raise
                lost(error)
            time.sleep(PAUSE)
