"""What becomes of the market when messages, connections or the service itself are lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from services.contracts import channels
from services.contracts.clock import DAY, HOUR, MINUTE, SECOND
from services.contracts.events.market_data import (
    BarClosed,
    InstrumentHalted,
    QuoteSnapshot,
    ReferencePrice,
    SessionChanged,
)
from services.contracts.instruments import Status
from services.contracts.market import Bar, BookSnapshot, Quote, Trade
from services.contracts.times import rfc3339
from services.kernel.cache import Subscription
from services.runtime.resources import Running
from sim.provider import hub
from tests.eventually import eventually
from tests.integration.market_data.street import START, TODAY, Desk, desk, ready, shape
from tests.integration.people import client, state_of

SHORT = {"market_data.stale_after": "0.5", "market_data.reconnect_at_most": "0.05"}


def last(running: Running, symbol: str = "AAPL") -> Callable[[], Awaitable[str]]:
    async def ask() -> str:
        async with client(running) as trader:
            return str((await trader.get(f"/quotes/{symbol}")).json()["last"])

    return ask


async def follows(running: Running, price: str, symbol: str = "AAPL") -> None:
    """Until the last trade was at this price."""

    async def said() -> bool:
        return await last(running, symbol)() == price

    await eventually(said)


async def stored(running: Running, trade_id: int, symbol: str = "AAPL") -> list[dict[str, Any]]:
    """The candles, once the trade is counted in the database."""

    async def kept() -> bool:
        rows = (await state_of(running))["progress"]
        return any(row["symbol"] == symbol and row["trade_id"] == trade_id for row in rows)

    await eventually(kept)
    return [row for row in (await state_of(running))["candles"] if row["symbol"] == symbol]


async def heard(listening: Subscription, kind: type, wanted: Callable[[object], bool]) -> object:
    """The first message that is wanted."""
    async for messages in listening:
        assert isinstance(messages, list)
        for _, message in messages:
            found: object = msgspec.json.decode(message, type=kind)
            if wanted(found):
                return found
    raise AssertionError("the channel ended")


async def test_a_gap_is_counted_and_mended_by_a_snapshot(market: Desk, running: Running) -> None:
    listening = await market.stack.cache.subscribe(channels.book("AAPL"), channels.trades("AAPL"))
    market.street.traded("AAPL", 10_001, heard=False)
    market.street.bid("AAPL", 9_995, heard=False)
    market.street.bid("AAPL", 10_000)
    market.street.traded("AAPL", 10_002)
    await follows(running, "100.02")
    async with client(running, None) as operator:
        assert 'market_data_gaps_total{symbol="AAPL"} 1.0' in (await operator.get("/metrics")).text
        view = (await operator.get("/internal/market/AAPL")).json()
    assert view["book"]["bids"] == [[10_000, 10]]
    assert [trade["trade_id"] for trade in view["trades"]] == [1, 2]
    messages = await anext(listening)
    assert isinstance(messages, list)
    kinds = [msgspec.json.decode(message, type=BookSnapshot | Trade) for _, message in messages]
    assert [type(kind).__name__ for kind in kinds] == ["Trade", "Trade", "BookSnapshot"]
    await listening.close()


async def test_trades_missed_while_the_provider_was_away_are_fetched(market: Desk, running: Running) -> None:
    market.street.traded("AAPL", 10_000, 2, after=SECOND)
    await follows(running, "100.00")
    await market.lose_provider()
    for number in range(1, 4):
        market.street.traded("AAPL", 10_000 + number, 2, after=30 * SECOND, heard=False)
    await market.open_provider()
    await follows(running, "100.03")
    market.street.traded("AAPL", 10_009, 2, after=MINUTE)
    minutes = [shape(row) for row in await stored(running, 5) if row["interval"] == "1m"]
    assert minutes == [
        (START, 10_000, 10_001, 10_000, 10_001, 4, 2),
        (START + MINUTE, 10_002, 10_003, 10_002, 10_003, 4, 2),
    ]


@pytest.mark.parametrize("cut", [1, 4, 6])
async def test_a_service_that_was_killed_counts_every_trade_once(tmp_path: Path, cut: int) -> None:
    async with desk(tmp_path, "AAPL") as market:
        async with market.service() as running:
            for number in range(1, 4):
                market.street.traded("AAPL", 10_000 + number, number, after=20 * SECOND)
            await stored(running, 3)
            for number in range(4, 4 + cut):
                market.street.traded("AAPL", 10_000 + number, number, after=20 * SECOND)
            await follows(running, f"100.0{3 + cut}")
        for number in range(4 + cut, 13):
            market.street.traded("AAPL", 10_000 + number, number, after=20 * SECOND, heard=False)
        async with market.service() as running:
            await follows(running, "100.12")
            market.street.bid("AAPL", 9_000, after=10 * MINUTE)

            async def closed() -> list[dict[str, Any]]:
                return [row for row in (await state_of(running))["candles"] if row["interval"] == "5m"]

            fives = await eventually(closed)
            minutes = [shape(row) for row in (await state_of(running))["candles"] if row["interval"] == "1m"]
    assert [shape(five) for five in fives] == [(START, 10_001, 10_012, 10_001, 10_012, sum(range(1, 13)), 12)]
    assert [minute[-1] for minute in minutes] == [2, 3, 3, 3, 1]
    assert [minute[-2] for minute in minutes] == [1 + 2, 3 + 4 + 5, 6 + 7 + 8, 9 + 10 + 11, 12]


async def test_a_page_that_fails_while_trades_are_caught_up_only_makes_it_try_again(tmp_path: Path) -> None:
    async with desk(tmp_path, "AAPL") as market, market.service() as running:
        await market.lose_provider()
        market.street.traded("AAPL", 10_007, heard=False)
        market.street.broken.add("trades")
        await market.open_provider()

        async def degraded() -> bool:
            return "provider" in await running.ready()

        await eventually(degraded)
        market.street.broken.clear()
        await follows(running, "100.07")
        await eventually(lambda: ready(running))


async def test_while_the_stream_stays_down_the_pages_are_polled(tmp_path: Path) -> None:
    polled = {"market_data.poll_every": "0.02"}
    async with desk(tmp_path, "AAPL", options=polled) as market, market.service() as running:
        await market.lose_provider()
        await market.open_provider(stream=False)
        market.street.traded("AAPL", 10_004, heard=False)
        await follows(running, "100.04")
        market.street.traded("AAPL", 10_005, heard=False)
        await follows(running, "100.05")
        await market.lose_provider()
        await market.open_provider()
        market.street.bid("AAPL", 10_000, heard=False)
        market.street.traded("AAPL", 10_006, heard=False)
        await follows(running, "100.06")


async def test_a_silent_provider_makes_quotes_stale_until_it_speaks_again(tmp_path: Path) -> None:
    async with desk(tmp_path, "AAPL", options=SHORT) as market:
        await market.lose_provider()
        await market.open_provider(heartbeat=0.1)
        async with market.service() as running:
            listening = await market.stack.cache.subscribe(channels.quotes("AAPL"))
            await market.lose_provider()
            quote = await heard(listening, Quote, lambda each: isinstance(each, Quote) and each.stale)
            assert isinstance(quote, Quote)
            assert quote.bid == 9_990
            async with client(running) as trader:
                assert (await trader.get("/quotes/AAPL")).json()["stale"] is True
                assert "provider" in await running.ready()
                await market.open_provider(heartbeat=0.1)
                await heard(listening, Quote, lambda each: isinstance(each, Quote) and not each.stale)

                async def fresh() -> bool:
                    return (await trader.get("/quotes/AAPL")).json()["stale"] is False

                await eventually(fresh)
            await listening.close()


async def test_history_is_served_to_who_asks_before_all_of_it_is_filled(tmp_path: Path) -> None:
    async with desk(tmp_path, "AAPL", "MSFT") as market:
        market.street.broken.add("AAPL")  # the first to be filled waits for better days
        async with market.service() as running, client(running) as trader:
            span = f"from={rfc3339(TODAY - 3 * DAY)}&to={rfc3339(TODAY)}"
            answer = await trader.get(f"/candles/MSFT?interval=1d&{span}")
            assert len(answer.json()["items"]) == 3
            refused = await trader.get(f"/candles/AAPL?interval=1d&{span}")
            assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
            market.street.broken.clear()
            assert len((await trader.get(f"/candles/AAPL?interval=1d&{span}")).json()["items"]) == 3


async def test_bars_that_closed_are_told_and_never_change(market: Desk, running: Running) -> None:
    queue = await market.stack.broker.listen([BarClosed, QuoteSnapshot])
    market.street.traded("AAPL", 10_000, 2, after=SECOND)
    market.street.traded("AAPL", 10_003, 2, after=MINUTE)
    before = await stored(running, 2)
    told: list[Bar] = []
    quotes: list[Quote] = []
    while not told or not quotes:
        for envelope in await queue.take(100) or ():
            event = envelope.event
            told += [event.bar] if isinstance(event, BarClosed) else []
            quotes += [event.quote] if isinstance(event, QuoteSnapshot) else []
    assert [(bar.interval, bar.close, bar.historical) for bar in told] == [("1m", 10_000, False)]
    market.street.traded("AAPL", 10_009, 2, after=HOUR)
    after = await stored(running, 3)
    assert [row for row in after if row in before] == before


async def test_a_forming_candle_is_told_as_it_changes(market: Desk, running: Running) -> None:
    listening = await market.stack.cache.subscribe(channels.candles("AAPL"))
    market.street.traded("AAPL", 10_000, 2, after=SECOND)
    market.street.traded("AAPL", 10_003, 2)
    bar = await heard(listening, Bar, lambda each: isinstance(each, Bar) and each.trades == 2)
    assert isinstance(bar, Bar)
    assert shape(msgspec.structs.asdict(bar)) == (START, 10_000, 10_003, 10_000, 10_003, 4, 2)
    await listening.close()


@asynccontextmanager
async def told(market: Desk) -> AsyncIterator[list[object]]:
    """Events about sessions, as they come."""
    queue = await market.stack.broker.listen([SessionChanged, InstrumentHalted, ReferencePrice])
    events: list[object] = []

    async def listen() -> None:
        while True:
            events.extend(envelope.event for envelope in await queue.take(100) or ())

    task = asyncio.ensure_future(listen())
    yield events
    task.cancel()


async def test_sessions_halts_and_the_new_reference_price_are_told(market: Desk, running: Running) -> None:
    async with told(market) as events:
        market.street.traded("AAPL", 10_050)
        statuses: tuple[Status, ...] = ("halted", "open", "closed", "open")
        for status in statuses:
            market.street.turned("AAPL", status)
        await eventually(lambda: len(events) == 5)
    assert [type(event).__name__ for event in events] == [
        "InstrumentHalted",
        "SessionChanged",
        "SessionChanged",
        "ReferencePrice",
        "SessionChanged",
    ]
    assert isinstance(events[3], ReferencePrice)
    assert events[3].price == 10_050


async def test_a_session_that_turned_while_the_provider_was_away_is_told(market: Desk, running: Running) -> None:
    await market.lose_provider()
    market.street.turned("AAPL", "closed", heard=False)
    market.street.references["MSFT"] = 9_800
    async with told(market) as events:
        await market.open_provider()
        await eventually(lambda: len(events) == 2)
    assert {type(event).__name__ for event in events} == {"ReferencePrice", "SessionChanged"}
    async with client(running) as trader:
        items = (await trader.get("/instruments")).json()["items"]
    assert [(each["status"], each["reference_price"]) for each in items] == [("closed", "99.00"), ("open", "98.00")]


async def test_what_the_provider_garbles_makes_the_stream_begin_again(market: Desk, running: Running) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hub, "encode", lambda _: b"[{")
        market.street.bid("AAPL", 10_000)

        async def lost() -> bool:
            return "provider" in await running.ready()

        await eventually(lost)
    await eventually(lambda: ready(running))


async def test_a_provider_that_has_lost_its_tape_is_no_endless_loop(market: Desk, ann: httpx.AsyncClient) -> None:
    market.street.say(
        BookSnapshot(symbol="AAPL", seq=5, time=START, bids=[(9_000, 1)], asks=[], last_trade_id=77, last=9_001)
    )

    async def followed() -> bool:
        return bool((await ann.get("/quotes/AAPL")).json()["last"] == "90.01")

    await eventually(followed)
