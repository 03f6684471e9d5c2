"""One child as its supervisor sees it: wanted, running, ended, due again."""

import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tradectl.errors import ExitCode
from tradectl.stack.children import Child
from tradectl.stack.desired import NOTHING_ASKED, Desire

STOP_WITHIN = 5.0
"""Seconds that a child has to stop by itself."""
BACKOFF = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds before each start after the one before failed."""
STABLE_AFTER = 30.0
"""Seconds of life after which a death counts as the first again."""

LOOK = 0.01
"""Seconds between two looks for what `up` writes, while services wait for it."""
LOOK_ELSEWHERE = 0.2
"""Seconds between two looks whether a terminal still runs a child."""

State = Literal["running", "waiting", "stopped", "elsewhere"]


@dataclass
class Process:
    """``due`` and ``overdue`` are on the monotonic clock: when it may start, when it is killed."""

    child: Child
    ports: tuple[str, ...] = ()
    pid: int | None = None
    since: int = field(default_factory=lambda: time.time_ns() // 1_000)
    """Wall microseconds of its last start, or end."""
    restarts: int = 0
    ended: str = ""
    """Why the last one ended."""
    due: float = 0.0
    overdue: float | None = None
    renewed: bool = False
    """Whether it was asked to start again: then with the code as it is now."""
    desire: Desire = NOTHING_ASKED
    _deaths: int = 0
    _began: float = 0.0

    @property
    def name(self) -> str:
        return self.child.name

    @property
    def state(self) -> State:
        if self.pid is not None:
            return "running"
        return "waiting" if self.desire.want == "running" else self.desire.want

    def may_start(self) -> bool:
        """Whether it is its time."""
        return self.pid is None and self.desire.want == "running" and self.due <= time.monotonic()

    def started(self, pid: int) -> None:
        self.pid, self._began, self.since = pid, time.monotonic(), time.time_ns() // 1_000

    def wish(self, desire: Desire) -> None:
        """Do as is asked from now on; what runs and should not, or not any more, is told to end."""
        again = desire.turn != self.desire.turn
        self.renewed |= again
        self.desire = desire
        if again:
            self.due, self._deaths = 0.0, 0
        if self.pid is not None and (again or desire.want != "running"):
            self.end()

    def end(self) -> None:
        """Tell it to end; it is killed when it takes too long."""
        if self.pid is not None and self.overdue is None:
            self.signal(signal.SIGTERM)
            self.overdue = time.monotonic() + STOP_WITHIN

    def signal(self, number: signal.Signals) -> None:
        if self.pid is not None:
            os.kill(self.pid, number)

    def kill_overdue(self) -> None:
        if self.pid is not None and self.overdue is not None and self.overdue <= time.monotonic():
            self.signal(signal.SIGKILL)
            self.overdue = time.monotonic() + STOP_WITHIN

    def reaped(self, status: int) -> ExitCode | None:
        """It has ended: when it starts again, and its exit code; None when a signal ended it."""
        code = os.waitstatus_to_exitcode(status)
        asked = self.overdue is not None
        self.pid, self.overdue, self.since = None, None, time.time_ns() // 1_000
        self.ended = "was asked to" if asked else said_of(code)
        if not asked:
            self.restarts += 1
            self._deaths = 1 if time.monotonic() - self._began > STABLE_AFTER else self._deaths + 1
            self.due = time.monotonic() + BACKOFF[min(self._deaths, len(BACKOFF)) - 1]
        return None if code < 0 else _known(code)

    def next_look(self, now: float) -> float | None:
        """When it needs its supervisor although no signal came."""
        match self.state:
            case "running":
                return self.overdue
            case "waiting":
                return max(self.due, now + LOOK)
            case "elsewhere":
                return now + LOOK_ELSEWHERE
        return None

    def put_off(self, why: str) -> None:
        """It cannot start now."""
        self.ended, self.due = why, time.monotonic() + BACKOFF[-1]

    def document(self) -> Mapping[str, Any]:
        """As `ps` reads it."""
        return {
            "pid": self.pid,
            "state": self.state,
            "since": self.since,
            "restarts": self.restarts,
            "ended": self.ended,
            "instances": [instance.name for instance in self.child.instances],
        }


def said_of(code: int) -> str:
    """How a process ended, in words."""
    if code == -signal.SIGKILL:
        return "was killed"
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {_known(code).name.lower()}"


def _known(code: int) -> ExitCode:
    return ExitCode(code) if code in {known.value for known in ExitCode} else ExitCode.START_FAILED
