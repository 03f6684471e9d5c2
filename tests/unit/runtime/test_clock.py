import asyncio
import time

import pytest

from services.contracts.clock import DAY, HOUR, MILLISECOND, SECOND, ClockState
from services.runtime import local
from services.runtime.clock import WALL, MarketClock, clock_for, seconds_since, wall

START = 1_723_101_000 * SECOND


def state(market: int = START, speed: float = 1.0, mode: str = "running") -> ClockState:
    return ClockState(market=market, anchor=time.monotonic_ns(), speed=speed, mode=mode)  # type: ignore[arg-type]


def test_an_age_is_in_seconds_and_never_below_none() -> None:
    assert 2.0 <= seconds_since(wall() - 2_000_000) < 10.0
    assert seconds_since(wall() + 60_000_000) == 0.0
    assert seconds_since(None) == 0.0


async def test_market_time_runs_at_its_speed() -> None:
    clock = MarketClock(state(speed=1_000_000))
    began = time.monotonic()
    await clock.sleep_until(START + HOUR)
    assert clock.now() >= START + HOUR
    assert time.monotonic() - began < 5


async def test_a_moment_that_has_passed_is_not_waited_for() -> None:
    clock = MarketClock(state(mode="paused"))
    await clock.sleep_until(START)
    assert clock.now() >= START


async def test_a_paused_clock_wakes_nobody_until_it_runs_again() -> None:
    clock = MarketClock(state(mode="paused"))
    sleeper = asyncio.create_task(clock.sleep_until(START + MILLISECOND))
    await asyncio.wait({sleeper}, timeout=0.02)
    assert not sleeper.done()
    clock.state = state()
    await asyncio.wait_for(sleeper, 5)


async def test_a_jump_wakes_everyone_whom_it_passes_in_the_order_of_their_moments() -> None:
    clock = MarketClock(state(mode="paused"))
    woken: list[int] = []

    async def wake_at(hours: int) -> None:
        await clock.sleep_until(START + hours * HOUR)
        woken.append(hours)

    sleepers = {hours: asyncio.create_task(wake_at(hours)) for hours in (3, 1, 48, 2)}
    await asyncio.sleep(0)
    clock.state = state(market=START + DAY, mode="paused")
    await asyncio.wait({sleepers[1], sleepers[2], sleepers[3]}, timeout=5)
    assert woken == [1, 2, 3]
    assert clock.due() == START + 48 * HOUR
    sleepers[48].cancel()


async def test_a_faster_clock_wakes_who_had_counted_on_a_slow_one() -> None:
    clock = MarketClock(state(speed=1.0))
    sleeper = asyncio.create_task(clock.sleep_until(START + HOUR))
    await asyncio.sleep(0)
    clock.state = state(speed=1_000_000)
    await asyncio.wait_for(sleeper, 5)
    assert clock.now() >= START + HOUR


async def test_driven_time_moves_only_when_it_is_told_and_never_back() -> None:
    clock = MarketClock(state(mode="driven"))
    sleeper = asyncio.create_task(clock.sleep_until(START + SECOND))
    await asyncio.sleep(0)
    clock.advance(START + SECOND - 1)
    assert not sleeper.done()
    clock.advance(START)
    assert clock.now() == START + SECOND - 1
    clock.advance(START + SECOND)
    await asyncio.wait_for(sleeper, 5)


async def test_who_gave_up_sleeping_is_forgotten() -> None:
    clock = MarketClock(state(mode="paused"))
    sleeper = asyncio.create_task(clock.sleep_until(START + SECOND))
    await asyncio.sleep(0)
    sleeper.cancel()
    await asyncio.wait({sleeper})
    assert clock.due() is None


async def test_the_wall_is_a_clock_too() -> None:
    moment = wall() + 5 * MILLISECOND
    await WALL.sleep_until(moment)
    assert WALL.now() >= moment


async def test_a_clock_is_found_by_its_url() -> None:
    clock = MarketClock(state())
    local.offer("memory://clock", clock)
    assert clock_for("memory://clock") is clock
    assert clock_for("wall") is WALL
    local.clear()
    with pytest.raises(LookupError):
        clock_for("memory://clock")


async def test_a_clock_that_will_stand_before_wakes_nobody() -> None:
    clock = MarketClock(ClockState(market=START, anchor=time.monotonic_ns(), speed=1_000_000, until=START + SECOND))
    sleeper = asyncio.create_task(clock.sleep_until(START + HOUR))
    await asyncio.wait({sleeper}, timeout=0.02)
    assert (sleeper.done(), clock.now(), clock.due()) == (False, START + SECOND, START + HOUR)
    sleeper.cancel()


async def test_an_end_is_kept_by_a_clock_that_is_driven_on() -> None:
    clock = MarketClock(ClockState(market=START, anchor=0, mode="driven", until=START + HOUR))
    clock.advance(START + SECOND)
    assert (clock.state.market, clock.state.until) == (START + SECOND, START + HOUR)


async def test_who_waits_for_market_time_to_stand_is_told_when_it_does() -> None:
    clock = MarketClock(state())
    waiter = asyncio.create_task(clock.stand())
    await asyncio.sleep(0)
    assert not waiter.done()
    clock.state = state(mode="paused")
    await asyncio.wait_for(waiter, 5)
    await asyncio.wait_for(clock.stand(), 5)
