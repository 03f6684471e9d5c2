"""Threads that wait side by side for servers, and stop together."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager

from tradectl.errors import ExitCode, TradectlError

POLL = 0.03
"""Seconds between two looks at a server: `up` is measured."""
LOOK_CLOSER = 1.0
"""Seconds between two looks at whether there is still something to wait for."""


class Waiting:
    """A deadline for all, and an end for all when one has failed or the user has interrupted."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._deadline = time.monotonic() + timeout
        self._ended = threading.Event()

    def side_by_side(self, tasks: Sequence[Callable[[], None]]) -> None:
        """Run all of them, each in a thread; the first error ends the others and is raised."""
        with ThreadPoolExecutor(len(tasks)) as threads:
            try:
                with interrupts_held():
                    futures = [threads.submit(task) for task in tasks]
                wait(futures, return_when=FIRST_EXCEPTION)
            except BaseException:
                self._ended.set()
                raise
            if not all(future.done() and not future.exception() for future in futures):
                self._ended.set()
        failures = [error for future in futures if (error := future.exception())]
        for error in failures:
            if not isinstance(error, EndedError):
                raise error

    def until(self, probe: Callable[[], bool], what: str, check: Callable[[], None], hint: str) -> None:
        """Ask until it is so; `check`, asked more rarely, raises when it will never be."""
        closer = time.monotonic() + LOOK_CLOSER
        while not probe():
            now = time.monotonic()
            if now > self._deadline:
                raise TradectlError(f"{what}: not within {self._timeout:g} s", hint, ExitCode.TIMEOUT)
            if now > closer:
                closer = now + LOOK_CLOSER
                check()
            if self._ended.wait(POLL):
                raise EndedError


@contextmanager
def interrupts_held() -> Iterator[None]:
    """An interrupt comes afterwards: in the middle of a thread's start it would leave that thread to nobody."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class EndedError(Exception):
    """Another one has failed."""
