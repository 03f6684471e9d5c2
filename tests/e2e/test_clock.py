"""Market time in the user's hands, and the same market however it gets on."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.contracts.clock import MINUTE, SECOND
from services.contracts.times import from_rfc3339
from tests.e2e.tool import Tool
from tests.e2e.trading import Place, Trader
from tradectl.errors import ExitCode, TradectlError
from tradectl.hold.hold import Hold, hold
from tradectl.stack.state import Sandbox

START = "2024-08-08T07:10:00.000000Z"


@pytest.fixture(scope="module")
def timed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tool]:
    """A home for several sandboxes, one after the other."""
    made = Tool(tmp_path_factory.mktemp("timed"))
    yield made
    made.run("down", "--all")
    assert made.leftovers() == []


@asynccontextmanager
async def trading(place: Place, *names: str) -> AsyncIterator[list[Trader]]:
    """Traders who have money and shares."""
    async with place.client() as http:
        yield [await place.trader(http, name, seed=1).enter() for name in names]


def up(tool: Tool, name: str, *options: str) -> Place:
    tool.ok("up", "--quiet", "--paused", "--name", name, *options)
    return Place(tool, name)


def clock(tool: Tool, *words: str, name: str) -> Any:
    return tool.ok("clock", *words, "--name", name, "--json").json


def lines(tool: Tool, name: str) -> list[Any]:
    return [json.loads(line) for line in tool.ok("digest", "--show", "--name", name).out.splitlines()]


def test_time_goes_on_by_steps_to_a_moment_and_never_back(timed: Tool) -> None:
    up(timed, "steps")
    page = clock(timed, "show", name="steps")
    assert (page["now"], page["mode"]) == (START, "paused")
    assert clock(timed, "step", "1m30s", name="steps")["now"] == "2024-08-08T07:11:30.000000Z"
    assert clock(timed, "seek", "07:12:00.5", name="steps")["now"] == "2024-08-08T07:12:00.500000Z"
    page = clock(timed, "step", "2s", "--speed", "4", name="steps")
    assert (page["now"], page["mode"], page["speed"]) == ("2024-08-08T07:12:02.500000Z", "paused", 4.0)
    back = timed.run("clock", "seek", "07:00", "--name", "steps")
    assert back.code == ExitCode.BAD_INPUT
    assert "does not go back" in back.err
    assert "tradectl snapshot load" in back.err
    assert timed.run("clock", "step", "soon", "--name", "steps").code == ExitCode.BAD_INPUT
    assert timed.run("clock", "step", "9h", "--timeout", "0.1", "--name", "steps").code == ExitCode.TIMEOUT
    assert clock(timed, "show", name="steps")["mode"] == "paused", "who gives up leaves no market that runs away"
    assert clock(timed, "live", name="steps")["mode"] == "running"
    timed.ok("up", "--paused", "--name", "steps")
    assert clock(timed, "show", name="steps")["mode"] == "paused"
    assert timed.ok("audit", "--settled", "--name", "steps", "--json").json["clean"]
    timed.ok("down", "--name", "steps")


async def test_a_step_through_the_close_ends_day_orders_and_the_next_day_begins(timed: Tool) -> None:
    place = up(timed, "close", "--at", "2024-08-08T20:38:00Z")
    clock(timed, "step", "1s", name="close")
    async with trading(place, "ann") as (ann,):
        day = await ann.place("day", "AAPL", "buy", 1, ann.away("AAPL", "buy", 3))
        with hold(Sandbox("close", timed.sandbox("close"))) as held:
            held.settle()
            assert clock(timed, "step", "5m", name="close")["now"] == "2024-08-09T07:00:00.000000Z"
            held.settle()
        assert (await ann.ok("GET", f"/orders/{day['id']}"))["status"] == "expired"
    timed.ok("down", "--name", "close")


@pytest.fixture(scope="module")
def fills(timed: Tool) -> dict[str, list[Any]]:
    """Filled in by each speed's run."""
    return {}


@pytest.mark.parametrize("way", [["--speed", "1"], ["--speed", "100"], []], ids=["x1", "x100", "driven"])
async def test_the_recorded_feed_gives_the_same_fills_at_every_speed(
    timed: Tool, fills: dict[str, list[Any]], way: list[str]
) -> None:
    place = up(timed, "feed")
    clock(timed, "step", "1s", name="feed")
    async with trading(place, "bob") as (bob,):
        with hold(Sandbox("feed", timed.sandbox("feed"))) as held:
            bid, ask = bob.quotes["BTCUSDT"]
            for number, away in enumerate((Decimal("0.00"), Decimal("0.01"), Decimal("1.00"), Decimal("5.00"))):
                await bob.place(f"buy-{number}", "BTCUSDT", "buy", 7, bid - away)
                held.settle()
            await bob.place("take", "BTCUSDT", "buy", 30, ask + 50)
            held.settle()
            for number, away in enumerate((Decimal("0.00"), Decimal("0.01"), Decimal("1.00"), Decimal("5.00"))):
                await bob.place(f"sell-{number}", "BTCUSDT", "sell", 7, ask + away)
                held.settle()
        clock(timed, "step", "6s", *way, name="feed")
        found = [line for line in lines(timed, "feed") if line["kind"] in {"fill", "execution"}]
    timed.ok("down", "--name", "feed")
    assert {line["client_order_id"] for line in found if line["kind"] == "fill"} > {"take"}, "one that rested, too"
    assert found == fills.setdefault("first", found)


async def script(place: Place, held: Hold) -> None:
    """What two traders do in a market that waits for them: every kind of order, and every way to its end."""
    async with trading(place, "ann", "bob") as (ann, bob):
        held.settle()
        for number in range(3):
            await ann.place(f"market-{number}", "AAPL", "buy", number + 1)
            await bob.place(f"market-{number}", "BTCUSDT", "buy", number + 2)
            held.settle()
            held.advance(700_000)
        resting = await ann.place("rest", "AAPL", "sell", 3, ann.quotes["AAPL"][1])
        away = await bob.place("away", "AAPL", "buy", 2, bob.away("AAPL", "buy", 2))
        moved = await bob.place("moved", "BTCUSDT", "buy", 5, bob.away("BTCUSDT", "buy", 1))
        held.settle()
        await wait_filled(ann, resting["id"], held)
        await bob.replace(moved, limit_price=str(bob.away("BTCUSDT", "buy", 2)))
        held.settle()
        await bob.cancel(away)
        held.settle()
        held.advance(5 * SECOND)


async def wait_filled(trader: Trader, order: str, held: Hold) -> None:
    """Until an order that rests has been filled: the market stands at its fill."""
    path, headers = f"{trader.http.base_url}orders/{order}", trader.headers

    def filled() -> Any:
        page = httpx.get(path, headers=headers).json()
        return page if page["status"] == "filled" else None

    page = held.until(filled, 20 * MINUTE, 60.0, what="the fill")
    assert 0 <= held.now - from_rfc3339(page["fills"][-1]["time"]) <= SECOND


async def held_run(tool: Tool, name: str, *options: str) -> tuple[str, list[Any]]:
    """Digest and rows of the same trading in a new sandbox."""
    place = up(tool, name, *options)
    with hold(Sandbox(name, tool.sandbox(name))) as held:
        assert held.now == from_rfc3339(START)
        held.advance(SECOND)  # the recording begins without a bid
        await script(place, held)
        found = tool.ok("digest", "--json", "--name", name).json["digest"], lines(tool, name)
    assert clock(tool, "show", name=name)["mode"] == "paused", "it goes on as it did before it was held"
    assert tool.ok("audit", "--settled", "--name", name, "--json").json["clean"]
    tool.ok("down", "--name", name)
    return found


@pytest.mark.night
async def test_the_same_held_trading_gives_the_same_digest_every_time(timed: Tool, tmp_path: Path) -> None:
    value, rows = await held_run(timed, "first")
    assert {row["kind"] for row in rows} == {"account", "order", "fill", "cash", "position", "execution"}
    assert {row["status"] for row in rows if row["kind"] == "order"} >= {"filled", "cancelled", "new"}
    again, same = await held_run(timed, "second")
    assert (again, same) == (value, rows)
    files = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    for file in files:
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert timed.ok("digest", "--diff", *map(str, files)).out.strip() == "the same"
    fill = next(row for row in rows if row["kind"] == "fill")
    files[1].write_text(files[1].read_text().replace(json.dumps(fill), json.dumps(fill | {"price": "1.00"})))
    differs = timed.run("digest", "--json", "--diff", *map(str, files))
    assert differs.code == ExitCode.CHECK_FAILED
    assert [(each["kind"], each["columns"]) for each in differs.json["differences"]] == [("fill", ["price"])]


async def test_a_wait_on_the_market_ends_at_its_market_deadline(timed: Tool) -> None:
    up(timed, "wait")
    with hold(Sandbox("wait", timed.sandbox("wait"))) as held:
        with pytest.raises(TradectlError) as caught:
            held.until(lambda: None, 2 * SECOND, 60.0, what="what never comes")
        assert held.now == from_rfc3339(START) + 2 * SECOND
    assert caught.value.exit_code is ExitCode.TIMEOUT
    timed.ok("down", "--name", "wait")
