"""What a service's faults do to it."""

import asyncio

import pytest

from services.contracts.clock import SECOND, ClockState
from services.contracts.errors import DomainError
from services.kernel.disturbing import MIB, Ballast, Skewed, at_the_edge
from services.kernel.edge import Edge
from services.runtime import faults
from services.runtime.asgi import Message, Receive, Scope, Send
from services.runtime.clock import MarketClock
from services.runtime.metrics import Metrics
from tests.breaking import broken, mend
from tests.eventually import eventually

pytestmark = pytest.mark.usefixtures("mended")
NOW = 1_723_100_400 * SECOND


async def test_an_answer_comes_so_much_later() -> None:
    loop = asyncio.get_running_loop()
    broken("orders", "service.slow", service="orders", ms=100)
    began = loop.time()
    await at_the_edge(faults.of("orders"))
    assert loop.time() - began >= 0.09
    await at_the_edge(faults.of("chat"))


async def test_requests_are_refused_as_often_as_it_says() -> None:
    broken("orders", "service.errors", service="orders", percent=50)
    seen = set()
    for _ in range(50):
        try:
            await at_the_edge(faults.of("orders"))
            seen.add(0)
        except DomainError as refusal:
            seen.add(refusal.status)
    assert seen == {0, 503}


@pytest.mark.parametrize(("path", "status"), [("/orders", 503), ("/ready", 200), ("/internal/state", 200)])
async def test_the_edge_refuses_users_and_not_the_tool(path: str, status: int) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    told: list[Message] = []

    async def send(message: Message) -> None:
        told.append(message)

    broken("orders", "service.errors", service="orders", percent=100)
    await Edge(app, Metrics("orders"), 100, "orders")(
        {"type": "http", "method": "GET", "path": path, "headers": []}, receive, send
    )
    assert told[0]["status"] == status


async def test_memory_is_held_until_it_is_over() -> None:
    ballast = Ballast(faults.of("orders"))
    broken("orders", "service.memory", service="orders", mib=3)
    assert [len(held) for held in ballast.held.values()] == [3 * MIB]
    mend("orders")
    assert ballast.held == {}


async def test_market_time_is_off_by_the_skew_and_sleepers_go_by_what_they_see() -> None:
    true = MarketClock(ClockState(market=NOW, anchor=0, mode="paused"))
    clock = Skewed(true, faults.of("orders"))
    assert clock.now() == NOW
    broken("orders", "service.clock_skew", service="orders", ms=2_000)
    assert clock.now() == NOW + 2 * SECOND
    await clock.sleep_until(NOW + 2 * SECOND)
    sleeper = asyncio.ensure_future(clock.sleep_until(NOW + 5 * SECOND))
    await asyncio.sleep(0)
    true.state = ClockState(market=NOW + 3 * SECOND, anchor=0, mode="paused")
    await eventually(sleeper.done)
    mend("orders")
    assert clock.now() == NOW + 3 * SECOND


async def test_a_sleeper_sleeps_on_when_the_clock_is_set_back_meanwhile() -> None:
    true = MarketClock(ClockState(market=NOW, anchor=0, mode="paused"))
    clock = Skewed(true, faults.of("orders"))
    broken("orders", "service.clock_skew", service="orders", ms=2_000)
    sleeper = asyncio.ensure_future(clock.sleep_until(NOW + 3 * SECOND))
    await asyncio.sleep(0)
    mend("orders")
    true.state = ClockState(market=NOW + SECOND, anchor=0, mode="paused")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not sleeper.done()
    true.state = ClockState(market=NOW + 3 * SECOND, anchor=0, mode="paused")
    await eventually(sleeper.done)


async def test_what_was_heard_of_market_time_is_true_however_wrong_it_is_seen() -> None:
    clock = Skewed(MarketClock(ClockState(market=NOW, anchor=0, mode="paused")), faults.of("orders"))
    broken("orders", "service.clock_skew", service="orders", ms=-2_000)
    assert (clock.now(), clock.true()) == (NOW - 2 * SECOND, NOW)


async def test_who_sleeps_by_a_clock_that_is_late_wakes_when_it_is_set_right() -> None:
    true = MarketClock(ClockState(market=NOW, anchor=0, mode="paused"))
    clock = Skewed(true, faults.of("orders"))
    broken("orders", "service.clock_skew", service="orders", ms=-3_600_000)
    sleeper = asyncio.ensure_future(clock.sleep_until(NOW + SECOND))
    await asyncio.sleep(0)
    true.state = ClockState(market=NOW + 2 * SECOND, anchor=0, mode="paused")
    await asyncio.sleep(0)
    assert not sleeper.done()
    mend("orders")
    await eventually(sleeper.done)
