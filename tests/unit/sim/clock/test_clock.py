"""The clock in its owner's hands."""

import time

from sim.clock.clock import MasterClock


def test_it_stands_until_the_venue_starts_it() -> None:
    clock = MasterClock(1_000)
    assert (clock.now(), clock.started) == (1_000, False)
    clock.start(5_000, 2.0, "paused")
    assert (clock.now(), clock.started, clock.state.mode) == (5_000, True, "paused")


async def test_it_runs_at_its_speed() -> None:
    clock = MasterClock(0)
    clock.change(1_000_000.0, "running")
    before, began = clock.now(), time.monotonic_ns()
    while clock.now() < before + 10_000_000:
        assert time.monotonic_ns() - began < 5_000_000_000
    assert clock.state.at(clock.state.anchor + 1_000_000_000) == clock.state.market + 1_000_000_000_000


def test_a_jump_goes_forward_only() -> None:
    clock = MasterClock(0)
    clock.start(1_000, 1.0, "driven")
    clock.advance(9_000)
    clock.advance(2_000)
    assert clock.now() == 9_000


def test_each_change_by_hand_wakes_the_venue() -> None:
    clock = MasterClock(0)
    assert not clock.changed.is_set()
    clock.change(1.0, "paused")
    assert clock.changed.is_set()


def test_a_change_by_hand_ends_what_was_on_its_way_to_a_moment() -> None:
    clock = MasterClock(0)
    clock.change(1.0, "driven", 5_000, touch=True)
    assert (clock.state.until, clock.touch) == (5_000, True)
    clock.change(1.0, "paused")
    assert (clock.state.until, clock.touch) == (None, False)
