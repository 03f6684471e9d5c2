"""Venue and clock as the tool and the audit see them, with the loop that moves the market."""

import asyncio
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from services.contracts.market import MarketMessage, Trade
from services.contracts.times import from_rfc3339
from services.runtime import local
from services.runtime.resources import Resources
from sim.feeds.errors import FeedError
from sim.venue.app import run
from sim.venue.exchange import Exchange
from tests.eventually import eventually
from tests.integration.sim.outside import KEY, Ports, outside


def venue() -> Exchange:
    return cast(Exchange, local.find("memory://venue"))


async def ask(ports: Ports, page: str, method: str = "GET", **facts: Any) -> Any:
    part, _, path = page.partition("/")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports[f'{part}.http']}") as client:
        answer = await client.request(method, f"/{path}", **facts)
    return answer.json() if answer.status_code == 200 else answer.status_code


async def clock(ports: Ports, **change: object) -> Any:
    return await ask(ports, "clock/clock", "PUT", json=change)


async def test_the_market_moves_with_the_clock(tmp_path: Path) -> None:
    async with outside(tmp_path, "clock", "venue", options={"symbols": "AAPL,BTCUSDT"}) as ports:
        before = await ask(ports, "clock/clock")
        assert (before["speed"], before["mode"]) == (1.0, "running")
        await clock(ports, speed=50)
        await eventually(lambda: venue().world.now > from_rfc3339("2024-08-08T07:10:20Z"))
        after = await ask(ports, "clock/clock")
        assert after["now"] > before["now"]
        assert after["feeds"]["BTCUSDT"] > before["feeds"]["BTCUSDT"]


async def test_a_paused_clock_stops_the_market_and_orders_still_trade(tmp_path: Path) -> None:
    async with outside(tmp_path, "clock", "venue", options={"symbols": "AAPL"}) as ports:
        paused = await clock(ports, mode="paused")
        await eventually(lambda: venue().clock.now() - venue().world.now < 100_000)
        assert (await ask(ports, "clock/clock"))["now"] == paused["now"]
        assert (await clock(ports, mode="running"))["mode"] == "running"
        await eventually(lambda: venue().clock.now() > from_rfc3339(paused["now"]))


async def test_nobody_moves_the_clock_before_the_venue_is_there(tmp_path: Path) -> None:
    async with outside(tmp_path, "clock") as ports:
        assert await clock(ports, speed=2) == 409
        assert (await ask(ports, "clock/clock"))["feeds"] == {}


@pytest.mark.parametrize("change", [{"speed": 0}, {"speed": "2"}, {"mode": "back"}, {"seek": 1}])
async def test_a_wrong_change_of_the_clock_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    async with outside(tmp_path, "clock", "venue", options={"symbols": "AAPL"}) as ports:
        assert await clock(ports, **change) == 422
        assert await clock(ports, mode="driven") == 409


async def test_a_feed_at_full_speed_waits_for_its_listeners_and_then_the_clock_runs(tmp_path: Path) -> None:
    async with outside(tmp_path, "clock", "venue", options={"symbols": "BTCUSDT", "speed": "max"}) as ports:
        heard: list[MarketMessage] = []
        waits = 0

        async def drained() -> None:
            nonlocal waits
            waits += 1
            await asyncio.sleep(0)

        venue().on_market(heard.extend, drained)
        await eventually(lambda: venue().clock.state.mode == "running", timeout=20)
        assert waits > 3
        trades = [each.trade_id for each in heard if isinstance(each, Trade)]
        assert trades == list(range(trades[0], trades[-1] + 1))
        (row,) = (await ask(ports, "venue/feeds"))["items"]
        assert (row["symbol"], row["kind"], row["skipped"]) == ("BTCUSDT", "agents", 0)


async def test_the_clock_goes_on_where_it_was_at_its_own_speed(tmp_path: Path) -> None:
    options = {"symbols": "AAPL", "speed": "5"}
    async with outside(tmp_path, "clock", "venue", options=options) as ports:
        await clock(ports, speed=100)
        await eventually(lambda: venue().world.now > from_rfc3339("2024-08-08T07:10:30Z"))
    async with outside(tmp_path, "clock", "venue", options=options) as ports:
        again = await ask(ports, "clock/clock")
        assert (again["speed"], again["now"] > "2024-08-08T07:10:30") == (100.0, True)


async def test_internal_pages_open_to_the_key_only(tmp_path: Path) -> None:
    async with outside(tmp_path, "clock", "venue", options={"symbols": "AAPL"}) as ports:
        for page in ("venue/internal/state", "venue/internal/settled"):
            assert await ask(ports, page) == 404
            assert await ask(ports, page, headers={"X-Internal-Key": "wrong"}) == 404
            assert (await ask(ports, page, headers={"X-Internal-Key": KEY}))["service"] == "venue"
        assert await ask(ports, "venue/internal/state?after=x", headers={"X-Internal-Key": KEY}) == 422
        assert (await ask(ports, "venue/ready"))["status"] == "ready"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"feed": "/nowhere/feed.gz"}, "there is no feed file"),
        ({"at_end": "never"}, "cannot follow a recording"),
        ({"symbols": "AAPL,NONE"}, "no instrument is called NONE"),
        ({"at": "yesterday"}, "cannot start at yesterday"),
    ],
)
async def test_options_that_cannot_be_are_refused_in_words(tmp_path: Path, options: dict[str, str], said: str) -> None:
    with pytest.raises(FeedError, match=said):
        await run(Resources(name="venue", state=tmp_path, options=options))
    assert not list(tmp_path.iterdir())
