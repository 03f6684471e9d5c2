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
from sim.venue.orders import NewOrder
from sim.venue.world import GRID
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
        waits, go = asyncio.Event(), asyncio.Event()

        async def drained() -> None:
            waits.set()
            await go.wait()

        venue().on_market(heard.extend, drained)
        await asyncio.wait_for(waits.wait(), 20)
        stands = venue().world.now
        await ask(ports, "venue/feeds")
        assert venue().world.now == stands
        go.set()
        await eventually(lambda: venue().clock.state.mode == "running", timeout=20)
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


START = from_rfc3339("2024-08-08T07:10:00Z")
ONE = {"symbols": "AAPL,SBER", "paused": "1"}


async def stands(ports: Ports) -> Any:
    return await eventually(lambda: at_rest(ports), timeout=20)


async def at_rest(ports: Ports) -> Any:
    page = await ask(ports, "clock/clock")
    return page if page["mode"] == "paused" else None


async def test_a_new_market_may_stand_at_its_start_and_one_that_was_let_go_runs_after_a_restart(tmp_path: Path) -> None:
    async with outside(tmp_path, "clock", "venue", options=ONE) as ports:
        page = await ask(ports, "clock/clock")
        assert (page["mode"], page["now"], page["until"]) == ("paused", "2024-08-08T07:10:00.000000Z", None)
        assert venue().snapshot("AAPL").bids
        assert (await clock(ports, mode="running", speed=20))["mode"] == "running"
        await eventually(lambda: venue().world.now > START + 1_000_000)
    async with outside(tmp_path, "clock", "venue", options=ONE) as ports:
        assert (await ask(ports, "clock/clock"))["mode"] == "running"


@pytest.mark.parametrize("way", [{}, {"mode": "running", "speed": 100}])
async def test_time_goes_to_a_moment_and_stands_there_whatever_its_way(tmp_path: Path, way: dict[str, object]) -> None:
    moment = "2024-08-08T07:10:12.345678Z"
    async with outside(tmp_path, "clock", "venue", options=ONE) as ports:
        begun = await clock(ports, until=moment, **way)
        assert (begun["until"], begun["mode"]) == (moment, way.get("mode", "driven"))
        assert (await stands(ports))["now"] == moment
        assert venue().world.now == START + 12_300_000, "the market has played all instants up to there"
        assert (await ask(ports, "clock/clock"))["until"] is None
    async with outside(tmp_path, "clock", "venue", options=ONE) as ports:
        assert (await ask(ports, "clock/clock"))["mode"] == "paused"
        assert venue().world.now == START + 12_300_000


async def test_time_does_not_go_back_and_what_stands_comes_nowhere(tmp_path: Path) -> None:
    async with outside(tmp_path, "clock", "venue", options=ONE) as ports:
        assert await clock(ports, until="2024-08-08T07:09:59Z") == 409
        for wrong in ({"until": "later"}, {"until": 5}, {"mode": "paused"}, {"mode": "running", "touch": True}):
            assert await clock(ports, **{"until": "2024-08-08T08:00:00Z", **wrong}) == 422
        assert (await ask(ports, "clock/clock"))["now"] == "2024-08-08T07:10:00.000000Z"


async def test_time_that_is_stopped_on_its_way_stands_there(tmp_path: Path) -> None:
    async with outside(tmp_path, "clock", "venue", options=ONE) as ports:
        await clock(ports, until="2024-08-08T20:00:00Z")
        await eventually(lambda: venue().world.now > START + 60_000_000)
        page = await clock(ports, mode="paused")
        assert (page["mode"], page["until"]) == ("paused", None)
        assert START + 60_000_000 < venue().world.now <= from_rfc3339(page["now"])
        assert page["now"] < "2024-08-08T20:00:00"


async def test_a_host_that_ends_on_the_way_to_a_moment_comes_back_standing(tmp_path: Path) -> None:
    async with outside(tmp_path, "clock", "venue", options=ONE) as ports:
        await clock(ports, until="2024-08-08T20:00:00Z")
        await eventually(lambda: venue().world.now > START + 60_000_000)
    async with outside(tmp_path, "clock", "venue", options=ONE) as ports:
        assert (await ask(ports, "clock/clock"))["mode"] == "paused"
        assert venue().world.now > START + 60_000_000


async def test_time_stands_already_where_an_order_is_touched(tmp_path: Path) -> None:
    async with outside(tmp_path, "clock", "venue", options=ONE) as ports:
        bid = venue().snapshot("SBER").bids[0][0]
        await venue().execute([resting_buy("SBER", bid)])
        taken = venue().world.record.number
        await clock(ports, until="2024-08-08T07:40:00Z", touch=True)
        page = await stands(ports)
        (fill, *_) = venue().executions_since(taken)
        assert fill.kind == "trade"
        assert venue().world.now == from_rfc3339(page["now"]) < from_rfc3339("2024-08-08T07:40:00Z")
        assert 0 <= venue().world.now - fill.time <= GRID


async def test_a_close_on_the_way_ends_day_orders_and_time_jumps_to_the_next_opening(tmp_path: Path) -> None:
    options = ONE | {"at": "2024-08-08T20:39:00Z"}
    async with outside(tmp_path, "clock", "venue", options=options) as ports:
        instrument = venue().instruments["SBER"]
        low = instrument.band(venue().reference("SBER"))[0]
        await venue().execute([resting_buy("SBER", low + -low % instrument.tick)])
        await clock(ports, until="2024-08-08T20:45:00Z")
        assert (await stands(ports))["now"] == "2024-08-09T07:00:00.000000Z"
        assert [each.kind for each in venue().executions_since(0)] == ["new", "expired"]


def resting_buy(symbol: str, price: int) -> NewOrder:
    return NewOrder(
        sender="ORDERS",
        cl_ord_id="a-1",
        account="alice",
        symbol=symbol,
        side="buy",
        type="limit",
        tif="day",
        quantity=venue().instruments[symbol].lot,
        limit_price=price,
    )
