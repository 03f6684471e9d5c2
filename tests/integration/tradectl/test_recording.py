"""What a run told last is kept, however little of the machine is left for it."""

import os
import signal
from pathlib import Path
from threading import Timer

import pytest

from tests.eventually import eventually
from tradectl.stack import recording
from tradectl.stack.recording import Recording
from tradectl.stack.state import Sandbox

LATE = 1.5
"""Seconds, as on a machine whose processors others have."""


def recorder(sandbox: Sandbox, lifeline: int) -> None:
    """It says who it is, and that it came to its end."""
    (sandbox.root / "pid").write_text(f"{os.getpid()}\n", encoding="ascii")
    os.read(lifeline, 1)
    (sandbox.root / "ended").touch()


async def test_a_recorder_that_is_late_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "ENTRY", f"{__name__}:{recorder.__name__}")
    lifeline, held = os.pipe()
    started = Recording(Sandbox("late", tmp_path))
    started.look(lifeline, lambda: os.close(held))
    pid = int(await eventually((tmp_path / "pid").read_text))
    os.kill(pid, signal.SIGSTOP)
    os.close(held)
    Timer(LATE, os.kill, (pid, signal.SIGCONT)).start()
    started.end()
    os.close(lifeline)
    assert (tmp_path / "ended").exists()
