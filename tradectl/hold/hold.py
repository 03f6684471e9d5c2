"""A held run: market time goes on only when all that it has caused is done, so that every run of it is the same.

What the market does follows from its seed and the commands with their market times. So it is enough that each command
is sent at a market time that does not depend on the wall: while time stands and nothing is under way. Time stands
wherever something becomes of a user's order; between, the feed needs no wait.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from services.contracts.clock import SECOND
from services.contracts.times import rfc3339
from tradectl.errors import ExitCode, TradectlError
from tradectl.hold.going import go
from tradectl.probes.clock import PAUSED, market_time
from tradectl.probes.settled import Settled, await_rest
from tradectl.stack import pause
from tradectl.stack.backends.backend import Backend
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.state import Sandbox

T = TypeVar("T")
DRIVEN = "driven"
SETTLED_WITHIN = 30.0
"""Seconds of wall time from what market time has caused until it is done."""


class Hold:
    """Market time in one pair of hands, ``hold`` or ``hold_elsewhere`` makes it; ``parts`` are those asked for rest."""

    def __init__(self, clock: str, parts: Callable[[], Settled]) -> None:
        self.clock = clock
        self._parts = parts

    @property
    def now(self) -> int:
        """Market time, microseconds since 1970 UTC."""
        return market_time(self.clock).now

    def settle(self, timeout: float = SETTLED_WITHIN) -> None:
        """Return when all that was caused is done, mail too; TradectlError naming what is not after so many seconds."""
        hint = "`tradectl logs --level warning` says what a part waits for"
        await_rest(self._parts(), timeout, hint=hint)

    def advance(self, duration: int, timeout: float = SETTLED_WITHIN) -> int:
        """Go on by so many microseconds of market time, and settle; where it stands then.

        ``timeout`` is that of each wait on the way.
        """
        moment = self.now + duration
        self.settle(timeout)
        while go(self.clock, moment, touch=True, timeout=timeout).now < moment:
            self.settle(timeout)
        self.settle(timeout)
        return self.now

    def until(
        self,
        probe: Callable[[], T | None],
        market_deadline: int,
        wall_deadline: float,
        *,
        what: str = "what was waited for",
        grain: int = SECOND,
    ) -> T:
        """The first answer of ``probe`` that is not None; market time then stands at the event that met it.

        It is asked where something becomes of an order, and every ``grain`` microseconds of market time, settled each
        time. TradectlError naming ``what`` after ``market_deadline`` microseconds, or ``wall_deadline`` seconds.
        """
        begun, end = self.now, time.monotonic() + wall_deadline
        moment = begun + market_deadline
        while True:
            left = end - time.monotonic()
            if left <= 0:
                raise TradectlError(f"{what}: not within {wall_deadline:g} s", exit_code=ExitCode.TIMEOUT)
            self.settle(left)
            if (answer := probe()) is not None:
                return answer
            now = self.now
            if now >= moment:
                said = f"{what}: not from {rfc3339(begun)} to {rfc3339(now)} of market time"
                raise TradectlError(said, exit_code=ExitCode.TIMEOUT)
            go(self.clock, min(now + grain, moment), touch=True, timeout=max(end - time.monotonic(), 0))


@contextmanager
def hold(sandbox: Sandbox) -> Iterator[Hold]:
    """Market time stands and is the caller's alone; afterwards it goes on as it did.

    For a run that is the same every time, the sandbox is begun with `up --paused`.
    """
    backend = backend_of(sandbox)
    held = Hold(backend.endpoint("clock"), lambda: Settled(present(backend), sandbox.keys()["key"]))
    pause.hold(sandbox, held.clock)
    try:
        yield held
    finally:
        pause.release(sandbox, held.clock)


@contextmanager
def hold_elsewhere(endpoints: Mapping[str, str], key: str) -> Iterator[Hold]:
    """The same of a platform whose parts are named, and which has to be begun paused for a run that is the same.

    Who is killed meanwhile leaves market time standing.
    """
    held = Hold(endpoints["clock.http"], lambda: Settled(endpoints, key))
    before = market_time(held.clock)
    market_time(held.clock, {"mode": PAUSED})
    try:
        yield held
    finally:
        if not before.stands:
            speed = {} if before.mode == DRIVEN else {"speed": before.speed}
            market_time(held.clock, {"mode": before.mode, **speed})


def present(backend: Backend) -> dict[str, str]:
    """The addresses of parts that nobody has stopped on purpose."""
    told = backend.children()
    stopped = {
        instance.name
        for child in backend.layout()
        for instance in child.instances
        if told.get(child.name, {}).get("state") == "stopped"
    }
    return {port: url for port, url in backend.endpoints().items() if port.partition(".")[0] not in stopped}
