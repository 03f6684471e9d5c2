"""What a run told last is kept, however little of the machine is left for it."""

import os
import time
from pathlib import Path

import pytest

from tests.eventually import eventually
from tradectl.stack import recording
from tradectl.stack.recording import Recording
from tradectl.stack.state import Sandbox

LATE = 1.5
"""Seconds, as on a machine whose processors others have."""


def late(sandbox: Sandbox, lifeline: int) -> None:
    """A recorder that comes to its last look late."""
    (sandbox.root / "begun").touch()
    os.read(lifeline, 1)
    time.sleep(LATE)
    (sandbox.root / "ended").touch()


async def test_a_recorder_that_is_late_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "ENTRY", f"{__name__}:{late.__name__}")
    lifeline, held = os.pipe()
    started = Recording(Sandbox("late", tmp_path))
    started.look(lifeline, lambda: os.close(held))
    await eventually((tmp_path / "begun").exists)
    os.close(held)
    started.end()
    os.close(lifeline)
    assert (tmp_path / "ended").exists()
