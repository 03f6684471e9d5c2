"""What the supervisor does to its children on purpose."""

import signal
from pathlib import Path

import pytest
from msgspec.structs import replace

from services.contracts.faults import Fault
from tradectl.stack import disturbed
from tradectl.stack.children import Child
from tradectl.stack.disturbed import Disturbing
from tradectl.stack.process import Process
from tradectl.stack.state import Sandbox


class Told(Process):
    """A child that notes what it was sent."""

    def signal(self, number: signal.Signals) -> None:
        told.append(number)


told: list[signal.Signals] = []


@pytest.fixture
def place(tmp_path: Path) -> Sandbox:
    told.clear()
    return Sandbox("default", tmp_path)


def fault(kind: str, id: str = "a", part: str = "orders", seconds: float = 60.0) -> Fault:
    began = disturbed.now()
    parameters: dict[str, float | str] = {"service": part, "every": 0.0}
    return Fault(
        id=id, kind=kind, part=part, parameters=parameters, seed=0, began=began, until=began + round(seconds * 1e6)
    )


def orders(pid: int = 7) -> dict[str, Process]:
    return {"orders": Told(Child("orders", (), service=True), pid=pid)}


def test_a_child_stands_still_once_and_goes_on_when_the_fault_is_cleared(place: Sandbox) -> None:
    disturbing, processes = Disturbing(place), orders()
    disturbed.keep(place, [fault(disturbed.PAUSE)])
    disturbing.heed(processes)
    disturbing.heed(processes)
    assert told == [signal.SIGSTOP]
    assert disturbing.next_look() is not None
    disturbed.keep(place, [])
    disturbing.heed(processes)
    assert told == [signal.SIGSTOP, signal.SIGCONT]
    assert disturbing.next_look() is None


def test_a_child_goes_on_at_the_deadline(place: Sandbox) -> None:
    disturbing, processes = Disturbing(place), orders()
    disturbed.keep(place, [fault(disturbed.PAUSE)])
    disturbing.heed(processes)
    disturbed.keep(place, [fault(disturbed.PAUSE, seconds=-1.0)])
    disturbing.heed(processes)
    assert told == [signal.SIGSTOP, signal.SIGCONT]


def test_a_child_that_came_in_the_place_of_one_that_stood_still_stands_still_too(place: Sandbox) -> None:
    disturbing, processes = Disturbing(place), orders()
    disturbed.keep(place, [fault(disturbed.PAUSE)])
    disturbing.heed(processes)
    processes["orders"].pid = 8
    disturbing.heed(processes)
    assert told == [signal.SIGSTOP, signal.SIGSTOP]
    processes["orders"].pid = 9
    disturbing.release(processes["orders"])
    assert told == [signal.SIGSTOP, signal.SIGSTOP]


def test_a_child_is_killed_again_and_again(place: Sandbox) -> None:
    disturbing, processes = Disturbing(place), orders()
    disturbed.keep(place, [fault(disturbed.KILL)])
    disturbing.heed(processes)
    disturbing.heed(processes)
    assert told == [signal.SIGKILL, signal.SIGKILL]


def test_all_go_on_when_all_is_to_end(place: Sandbox) -> None:
    disturbing, processes = Disturbing(place), orders()
    disturbed.keep(place, [fault(disturbed.PAUSE)])
    disturbing.heed(processes)
    disturbing.end(processes.values())
    assert told == [signal.SIGSTOP, signal.SIGCONT]
    assert disturbing.next_look() is None


def test_what_an_earlier_supervisor_was_told_is_over(place: Sandbox) -> None:
    earlier = fault(disturbed.PAUSE)
    disturbing = Disturbing(place)
    disturbed.keep(place, [replace(earlier, began=earlier.began - 1)])
    disturbing.heed(orders())
    assert told == []
