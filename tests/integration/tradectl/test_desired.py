"""What commands ask of a supervisor."""

import subprocess
import sys
from pathlib import Path

import pytest

from tradectl.stack import desired
from tradectl.stack.desired import Desire
from tradectl.stack.state import Sandbox


@pytest.fixture
def place(tmp_path: Path) -> Sandbox:
    made = Sandbox("default", tmp_path)
    made.create()
    return made


def test_nothing_is_asked_at_first(place: Sandbox) -> None:
    assert desired.read(place) == {}


def test_each_restart_is_another_turn(place: Sandbox) -> None:
    desired.change(place, ["orders"], "running", again=True)
    desired.change(place, ["orders"], "running", again=True)
    desired.change(place, ["chat"], "stopped")
    assert desired.read(place) == {"orders": Desire("running", 2), "chat": Desire("stopped", 0)}


def test_what_a_terminal_runs_is_elsewhere_for_as_long_as_it_lives(place: Sandbox) -> None:
    with desired.held(place, "orders") as mine:
        assert mine
        desired.change(place, ["orders"], "elsewhere")
        assert desired.read(place)["orders"].want == "elsewhere"
    assert desired.read(place)["orders"].want == "running"


def test_one_terminal_at_a_time_runs_a_child(place: Sandbox) -> None:
    with desired.held(place, "orders"), desired.held(place, "orders") as second:
        assert not second


def test_a_process_with_the_number_of_a_supervisor_that_is_gone_is_left_alone(place: Sandbox) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        place.pid.write_text(str(other.pid))
        desired.tell(place)
        other.communicate(b"\n")
    assert other.returncode == 0, "no signal has ended it"
