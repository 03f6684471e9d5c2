"""Market time as it passes, for who waits longer than a second."""

import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from services.contracts.times import rfc3339
from tradectl.probes.clock import MarketTime

if TYPE_CHECKING:
    from rich.status import Status

AFTER = 1.0
EVERY = 5.0
"""Seconds until the first word, and between two lines where no terminal draws."""


class Passing:
    """A line that changes where somebody looks, elsewhere one now and then; on stderr."""

    def __init__(self, *, quiet: bool) -> None:
        self._next = float("inf") if quiet else time.monotonic() + AFTER
        self._status: Status | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._status is not None:
            self._status.stop()

    def show(self, seen: MarketTime) -> None:
        """Where it is."""
        from tradectl.cli.output import stderr

        if time.monotonic() < self._next:
            return
        said = f"market time {rfc3339(seen.now)}"
        if not stderr().is_terminal:
            self._next = time.monotonic() + EVERY
            stderr().print(said)
            return
        if self._status is None:
            self._status = stderr().status(said)
            self._status.start()
        self._status.update(said)
