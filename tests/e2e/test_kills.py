"""The host and its supervisor die at any moment; nothing is lost, nothing is counted twice."""

import asyncio
import json
import os
import signal
from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest

from services.runtime.killpoints import ENVIRONMENT, POINTS
from tests.e2e.tool import Tool
from tests.e2e.trading import PATIENCE, Place, Trader
from tests.eventually import eventually
from tradectl.stack import locks

SEED = 20241108
ORDERS = 25
"""Of each of the two traders."""
KILLS = 4
HOSTS = sorted(point for point in POINTS if not point.startswith(("load.", "rest.")))
"""The points that a host passes; the others are the tool's, or the broker's by REST (integration/orders/test_kill)."""
LIVES = 6
"""Hosts that one supervisor sees die in a row: it starts each one later than the one before."""


def seeds() -> list[object]:
    """One for each day, more for the night."""
    return [SEED, *(pytest.param(SEED + more, marks=pytest.mark.night) for more in range(1, 8))]


@pytest.mark.parametrize("seed", seeds())
async def test_fifty_orders_are_each_there_once_though_the_host_is_killed_among_them(tool: Tool, seed: int) -> None:
    tool.ok("up", "--quiet")
    place, chance = Place(tool), Random(seed)
    async with place.client() as http:
        traders = await asyncio.gather(*(place.trader(http, name, seed).enter() for name in ("ann", "bob")))
        moments = sorted(chance.sample(range(2, 2 * ORDERS), KILLS))
        await asyncio.gather(*(all_orders(trader) for trader in traders), kill_at(place, traders, moments, chance))
        assert tool.ok("up", "--json").json["changed"] is False
        assert tool.ok("ps", "--json").json["restarts"] == KILLS
        await check(place, traders)


async def test_a_killed_supervisor_takes_the_host_with_it_and_up_finds_the_same_accounts(tool: Tool) -> None:
    tool.ok("up", "--quiet")
    place = Place(tool)
    async with place.client() as http:
        trader = await place.trader(http, "ann", SEED).enter()
        for number in range(5):
            await trader.trade(f"before-{number}")
        supervisor, _ = tool.processes()
        os.kill(supervisor, signal.SIGKILL)
        assert await eventually(lambda: not tool.leftovers(), 10)
        assert tool.ok("up", "--json").json["changed"] is True
        for number in range(5):
            await trader.trade(f"after-{number}")
        await check(place, [trader])


async def test_an_order_in_flight_is_resolved_when_supervisor_and_host_die_at_once(tool: Tool) -> None:
    tool.ok("up", "--quiet")
    place = Place(tool)
    async with place.client() as http:
        trader = await place.trader(http, "ann", SEED).enter()
        order = asyncio.create_task(trader.place("in-flight", "AAPL", "buy", 1))
        begun = trader.sent
        await eventually(lambda: trader.sent > begun, every=0)
        for process in tool.processes():
            os.kill(process, signal.SIGKILL)
        tool.ok("up", "--quiet")
        await order
        await check(place, [trader])


async def test_an_up_that_meets_a_supervisor_in_its_last_moment_starts_another(tool: Tool) -> None:
    tool.ok("up", "--quiet")
    processes = tool.processes()
    for process in processes:
        os.kill(process, signal.SIGSTOP)  # there, and of no use
    lock = tool.sandbox().with_name(".default.lock")
    with tool.start("up", "--json") as up:
        await eventually(lambda: locks.is_held(lock))
        for process in processes:
            os.kill(process, signal.SIGKILL)
        said, _ = await asyncio.to_thread(up.communicate)
    assert up.returncode == 0
    assert json.loads(said)["changed"] is True


def lives(seed: int) -> list[list[str]]:
    """Every declared point, each at a count of its own, in groups that one supervisor sees through."""
    chance = Random(seed)
    points = [f"{point}:{chance.randint(1, 40)}" for point in chance.sample(HOSTS, len(HOSTS))]
    return [points[start : start + LIVES] for start in range(0, len(points), LIVES)]


def test_every_declared_point_has_its_turn() -> None:
    assert sorted(point.partition(":")[0] for group in lives(SEED) for point in group) == HOSTS


def groups() -> list[object]:
    """One round through all points for each day, more for the night."""
    night = [pytest.param(points, marks=pytest.mark.night) for more in range(1, 5) for points in lives(SEED + more)]
    return [*lives(SEED), *night]


@pytest.mark.parametrize("points", groups(), ids=" ".join)
async def test_every_named_point_is_reached_and_the_audit_is_clean_after_dying_there(
    tool: Tool, points: Sequence[str]
) -> None:
    tool.ok("up", "--quiet", **{ENVIRONMENT: ",".join(points)})
    place = Place(tool)
    async with place.client() as http:
        traders = await asyncio.gather(*(place.trader(http, name, SEED).enter() for name in ("ann", "bob")))
        died = 0
        for turn in range(10 * len(points)):
            await asyncio.gather(*(trader.trade(f"{turn}") for trader in traders))
            if died < (died := deaths(tool)):
                assert not (await clean_audit(place)), f"after dying at one of {points[:died]}"
            if died == len(points):
                break
        assert died == len(points), f"never reached {points[died]}"
        await check(place, traders)


async def all_orders(trader: Trader) -> None:
    for number in range(ORDERS):
        await trader.trade(f"{trader.name}-{number}")


async def kill_at(place: Place, traders: Sequence[Trader], moments: Sequence[int], chance: Random) -> None:
    """Kill the host each time that so many orders were placed, with the next ones under way."""
    for moment in moments:
        await eventually(lambda: sum(len(trader.orders) for trader in traders) >= moment, PATIENCE, every=0)  # noqa: B023
        _, host = await eventually(place.tool.processes, PATIENCE)
        for _ in range(chance.randrange(2_000)):
            await asyncio.sleep(0)  # a moment that no order chose: the loop turns while orders are under way
        os.kill(host, signal.SIGKILL)
        await eventually(lambda: place.tool.processes()[1] != host, PATIENCE)  # noqa: B023


def deaths(tool: Tool) -> int:
    """How often the host was killed, as its supervisor tells."""
    told = (tool.sandbox() / "events.jsonl").read_text().splitlines()
    kinds = Counter((event["kind"], event["text"]) for event in map(json.loads, told) if event["kind"] == "restarting")
    assert set(kinds) <= {("restarting", "was killed")}, kinds
    return kinds.total()


async def clean_audit(place: Place) -> list[object]:
    """What a settled audit finds; the host may die again while it is made."""
    report = await eventually(lambda: asyncio.to_thread(place.audit), PATIENCE)
    return [*report.differences, *report.in_flight]


async def check(place: Place, traders: Sequence[Trader]) -> None:
    """The audit first: it waits until all is settled."""
    assert not await clean_audit(place)
    for trader in traders:
        await trader.check_books()
