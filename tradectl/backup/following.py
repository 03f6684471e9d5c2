"""A shipper that outlasts what it needs: primary, store and engine may go and come back."""

import time
from collections.abc import Callable

from tradectl.backup.ship import Shipper, ship, shipper
from tradectl.backup.store import Store
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.lifecycle import interrupts_raised
from tradectl.stack.snapshots.save import check_there
from tradectl.stack.state import Sandbox

PAUSE = 2.0
"""Seconds that something lost is left alone."""
HOPELESS = {ExitCode.USAGE, ExitCode.BAD_INPUT, ExitCode.CONFLICT}
"""What trying again does not mend."""


def follow(
    sandbox: Sandbox,
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
    check_there(sandbox)
    if backend_of(sandbox).name != "containers":
        hint = "`tradectl backup create` makes a full backup, as often as it is asked to"
        raise TradectlError("only a sandbox on containers has a binary log", hint, ExitCode.CONFLICT)
    deadline = None if lasting is None else time.monotonic() + lasting

    def over() -> bool:
        return deadline is not None and time.monotonic() >= deadline

    with interrupts_raised():
        while True:
            try:
                with shipper(sandbox, store, key, keep) as following:
                    ship(following, every, tell, over)
                return
            except TradectlError as error:
                if error.exit_code in HOPELESS or over():
                    raise
                lost(error)
            time.sleep(PAUSE)
