"""A child as its supervisor sees it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tradectl.errors import ExitCode
from tradectl.stack import process
from tradectl.stack.children import Child
from tradectl.stack.desired import Desire
from tradectl.stack.process import BACKOFF, Process

WAITS = "import signal; signal.pause()"


@contextmanager
def living(program: str = WAITS) -> Iterator[Process]:
    """A child that runs; it is gone afterwards."""
    made = Process(Child("orders", ()))
    running = subprocess.Popen([sys.executable, "-c", program])
    made.started(running.pid)
    yield made
    running.kill()
    running.wait()


def reap(made: Process) -> ExitCode | None:
    """Wait for its end."""
    assert made.pid is not None
    _, status = os.waitpid(made.pid, 0)
    return made.reaped(status)


def ended(made: Process, code: int) -> ExitCode | None:
    """It ended by itself."""
    made.started(1)
    return made.reaped(code << 8)


def test_what_ends_by_itself_is_due_again_later_each_time() -> None:
    made = Process(Child("orders", ()))
    for number in range(len(BACKOFF) + 2):
        before = made.due
        assert ended(made, ExitCode.START_FAILED) is ExitCode.START_FAILED
        assert made.restarts == number + 1
        assert made.due > before
    assert made.ended == "ended with start_failed"
    assert made.state == "waiting"


def test_after_a_long_life_it_comes_back_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Process(Child("orders", ()))
    for _ in BACKOFF:
        ended(made, ExitCode.START_FAILED)
    assert not made.may_start()
    monkeypatch.setattr(process, "STABLE_AFTER", -1.0)
    ended(made, ExitCode.START_FAILED)
    assert made.may_start()


def test_one_that_was_killed_has_no_exit_code_and_says_so() -> None:
    with living() as made:
        assert made.pid is not None
        os.kill(made.pid, signal.SIGKILL)
        assert reap(made) is None
        assert (made.ended, made.restarts) == ("was killed", 1)


def test_one_that_is_told_to_end_is_no_crash() -> None:
    with living() as made:
        made.wish(Desire("stopped"))
        reap(made)
        assert (made.state, made.ended, made.restarts) == ("stopped", "was asked to", 0)
        assert not made.may_start()


def test_a_restart_ends_it_once_and_starts_it_at_once() -> None:
    with living() as made:
        made.wish(Desire("running", turn=1))
        reap(made)
        assert made.may_start()
        assert made.renewed


def test_one_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); signal.pause()"
    monkeypatch.setattr(process, "STOP_WITHIN", 0.0)
    running = subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE)
    assert running.stdout is not None
    running.stdout.readline()
    made = Process(Child("orders", ()))
    made.started(running.pid)
    made.end()
    made.kill_overdue()
    reap(made)
    assert made.ended == "was asked to"
    running.communicate()


def test_what_waits_is_looked_after_and_what_runs_is_not() -> None:
    made = Process(Child("orders", ()))
    assert made.next_look(1.0) == 1.0 + process.LOOK
    made.started(1)
    assert made.next_look(1.0) is None
