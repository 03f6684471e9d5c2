"""The supervisor's hand on the process that keeps the run's telemetry."""

import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from tradectl.stack.state import Sandbox
from tradectl.stack.warm import load

ENTRY = "tradectl.telemetry.recorder:record"
"""Called with the sandbox and the end of a pipe that closes when the supervisor ends."""
SWITCH = "TRADECTL_TELEMETRY"
"""``off`` keeps nothing of a run."""
END_WITHIN = 15.0
"""Seconds to keep what was told last: it has the lowest priority, and the machine may have other work."""
AGAIN = 60.0
"""Seconds before one that failed is started again."""


class Recording:
    """At most one process; whatever becomes of it, nothing else does."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._pid: int | None = None
        self._due = 0.0

    def look(self, lifeline: int, prepare: Callable[[], None]) -> None:
        """Fork it where there is none; ``prepare`` is called in it first, and makes it no supervisor any more."""
        if self._pid is not None or time.monotonic() < self._due or os.environ.get(SWITCH) == "off":
            return
        pid = os.fork()
        if pid == 0:
            self._be(lifeline, prepare)
        self._pid = pid

    def _be(self, lifeline: int, prepare: Callable[[], None]) -> NoReturn:
        code = 1
        try:
            prepare()
            gc.enable()
            load(ENTRY)(self._sandbox, lifeline)
            code = 0
        except BaseException:  # noqa: BLE001 (whatever happens, it must not live on as a supervisor)
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)

    def reaped(self, pid: int) -> bool:
        """Whether it was this one that has ended."""
        if pid != self._pid:
            return False
        self._pid, self._due = None, time.monotonic() + AGAIN
        return True

    def end(self) -> None:
        """The lifeline is closed: wait until it has ended, but not for long."""
        deadline = time.monotonic() + END_WITHIN
        while self._pid is not None:
            with suppress(ChildProcessError):
                if os.waitpid(self._pid, os.WNOHANG)[0] == 0:
                    if time.monotonic() > deadline:
                        os.kill(self._pid, signal.SIGKILL)
                    time.sleep(0.005)
                    continue
            self._pid = None
