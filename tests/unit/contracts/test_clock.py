"""Market time is computed from the state, the same in every process."""

from services.contracts.clock import SECOND, ClockState


def test_a_running_clock_goes_at_its_speed() -> None:
    state = ClockState(market=100 * SECOND, anchor=5_000_000_000, speed=10)
    assert state.at(6_000_000_000) == 110 * SECOND


def test_a_paused_or_driven_clock_stands_where_it_was_set() -> None:
    for mode in ("paused", "driven"):
        state = ClockState(market=7, anchor=0, mode=mode)
        assert state.at(10**12) == 7
