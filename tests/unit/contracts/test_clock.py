"""Market time is computed from the state, the same in every process."""

import msgspec

from services.contracts.clock import SECOND, ClockState


def test_a_running_clock_goes_at_its_speed() -> None:
    state = ClockState(market=100 * SECOND, anchor=5_000_000_000, speed=10)
    assert state.at(6_000_000_000) == 110 * SECOND


def test_a_paused_or_driven_clock_stands_where_it_was_set() -> None:
    for mode in ("paused", "driven"):
        state = ClockState(market=7, anchor=0, mode=mode)
        assert state.at(10**12) == 7


def test_a_clock_with_an_end_stands_there_for_everybody_at_the_same_instant() -> None:
    state = ClockState(market=100 * SECOND, anchor=0, speed=10, until=105 * SECOND)
    assert state.at(400_000_000) == 104 * SECOND
    assert state.at(500_000_000) == state.at(10**15) == 105 * SECOND


def test_a_jump_past_the_end_is_not_taken_back() -> None:
    assert ClockState(market=9 * SECOND, anchor=0, until=5 * SECOND).at(10**9) == 9 * SECOND


def test_a_state_from_before_there_were_ends_is_read() -> None:
    old = b'{"market":7,"anchor":0,"speed":2.0,"mode":"paused"}'
    assert msgspec.json.decode(old, type=ClockState) == ClockState(market=7, anchor=0, speed=2.0, mode="paused")
