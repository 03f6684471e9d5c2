"""Market time told to other processes: here the same one, over a real socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.contracts.clock import HOUR, SECOND
from services.runtime import local
from services.runtime.clock import clock_for
from services.runtime.following import Follower, follow
from services.runtime.serve import bind, serve
from sim.clock import api
from sim.clock.clock import MasterClock
from tests.eventually import eventually

START = 1_723_101_000 * SECOND


@asynccontextmanager
async def told(master: MasterClock, port: int = 0) -> AsyncIterator[str]:
    server = await serve(api.application(master), bind(port))
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        await server.stop()


@pytest.fixture
def master() -> MasterClock:
    made = MasterClock(START)
    made.start(START, 1.0, "running")
    return made


@asynccontextmanager
async def following(url: str) -> AsyncIterator[Follower]:
    follower = await follow(url)
    try:
        yield follower
    finally:
        await follower.close()
        local.clear()


async def test_a_follower_has_the_same_time_without_asking(master: MasterClock) -> None:
    async with told(master) as url, following(url) as follower:
        assert clock_for(url) is follower.clock
        before = master.now()
        assert before <= follower.clock.now() <= master.now()


async def test_it_hears_of_each_change(master: MasterClock) -> None:
    async with told(master) as url, following(url) as follower:
        master.change(60.0, "running")
        assert await eventually(lambda: follower.clock.state == master.state)
        master.change(1.0, "driven")
        assert await eventually(lambda: follower.clock.state.mode == "driven")
        for step in range(1, 100):
            master.advance(START + step * HOUR)
        assert await eventually(lambda: follower.clock.now() == START + 99 * HOUR)


async def test_time_is_not_told_before_it_has_begun() -> None:
    master = MasterClock(START)
    async with told(master) as url:
        states = master.states()
        master.start(START + HOUR, 1.0, "paused")
        assert (await anext(states)).market == START + HOUR
        async with following(url) as follower:
            assert follower.clock.now() == START + HOUR


async def test_time_goes_on_while_its_owner_is_away_and_follows_the_one_that_comes_back(master: MasterClock) -> None:
    async with told(master) as url:
        port = int(url.rpartition(":")[2])
        follower = await follow(url)
    gone = follower.clock.now()
    assert await eventually(lambda: follower.clock.now() > gone)
    other = MasterClock(START)
    other.start(START + HOUR, 1.0, "paused")
    async with told(other, port):
        assert await eventually(lambda: follower.clock.now() == START + HOUR)
        await follower.close()
    local.clear()
