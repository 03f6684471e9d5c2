"""Signals come from stored and closing bars, each once, and speak of those bars."""

import asyncio
from pathlib import Path
from typing import Any

from services.contracts.events.market_data import BarClosed
from services.contracts.events.recommendations import SignalRaised
from services.contracts.times import rfc3339
from services.recommendations.domain.record import Close
from services.recommendations.domain.strategies import STRATEGIES
from services.recommendations.domain.watch import Watch
from services.runtime.resources import Running
from tests.eventually import eventually
from tests.integration.neighbours import Neighbourhood, neighbourhood, ready, settled
from tests.integration.people import client, figures_of, state_of
from tests.integration.recommendations.desk import START, STEP, MarketData, all_signals, bar, signals, walk

CRASH = 7_000


def sightings(market: MarketData) -> set[tuple[str, int]]:
    """What the strategies see on all bars after the start, by the domain alone."""
    closes = [Close(each.start, each.close, each.historical) for each in market.bars["AAPL"]]
    watch = Watch("AAPL", 2, closes)
    return {(name, past.bar.start) for name in STRATEGIES for past in watch.past(name) if not past.bar.historical}


async def raised(running: Running) -> set[tuple[str, int]]:
    rows = (await state_of(running))["signals"]
    return {(row["strategy"], row["bar_start"]) for row in rows if not row["historical"]}


async def close(around: Neighbourhood, running: Running, market: MarketData, count: int, seed: int = 2) -> None:
    """Bars close one after the other, until what is seen on them is raised."""
    following = walk(count, seed)
    first = len([each for each in market.bars["AAPL"] if not each.historical])
    await around.publish(*(market.closing(bar(first + place, each.close)) for place, each in enumerate(following)))

    async def all_of_them() -> bool:
        return await raised(running) == sightings(market)

    await eventually(all_of_them)


async def test_history_raises_at_most_one_signal_a_symbol_and_strategy(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        market = MarketData(AAPL=walk(600), MSFT=walk(600, 3, "MSFT"))
        market.offer()
        for _ in range(2):
            async with around.stack.part("recommendations") as running:
                found = await signals(running, 10)
                assert all(each["historical"] for each in found)
                assert len({(each["symbol"], each["strategy"]) for each in found}) == len(found) == 10


async def test_a_signal_says_why_with_its_numbers_and_how_it_did_before(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        market = MarketData(AAPL=walk(600))
        market.offer()
        async with around.stack.part("recommendations") as running:
            found = {each["strategy"]: each for each in await signals(running, 5)}
        rsi = found["rsi"]
        assert rsi["reason"]["en"].startswith(f"RSI 14 {'fell' if rsi['side'] == 'buy' else 'rose'} from ")
        assert rsi["numbers"]["rsi"] in rsi["reason"]["en"]
        assert rsi["numbers"]["rsi"] in rsi["reason"]["ru"]
        assert f"right {rsi['record']['right']} times of {rsi['record']['signals']}" in rsi["reason"]["en"]
        assert rsi["horizon"] == "1h"
        assert 1 <= rsi["strength"] <= 100


async def test_other_bars_make_other_words(tmp_path: Path) -> None:
    found: list[dict[str, dict[str, Any]]] = []
    for seed in (1, 4):
        folder = tmp_path / str(seed)
        folder.mkdir()
        async with neighbourhood(folder) as around:
            MarketData(AAPL=walk(600, seed)).offer()
            async with around.stack.part("recommendations") as running:
                found.append({each["strategy"]: each for each in await signals(running, 5)})
    first, second = found
    for name in STRATEGIES:
        assert first[name]["reason"] != second[name]["reason"]
        assert first[name]["numbers"] != second[name]["numbers"]
    assert {each["strength"] for each in first.values()} != {each["strength"] for each in second.values()}
    assert any(first[name]["record"] != second[name]["record"] for name in STRATEGIES)


async def test_bars_that_close_raise_signals_and_they_are_told(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        market = MarketData(AAPL=walk(600))
        market.offer()
        async with around.stack.part("recommendations") as running:
            await signals(running, 5)
            await settled(running)
            queue = await around.stack.broker.listen([SignalRaised])
            await around.publish(market.closing(bar(0, CRASH)))
            found = await signals(running, 6)
            (envelope, *_) = await queue.take(10) or ()
            event = envelope.event
            assert isinstance(event, SignalRaised)
            assert (event.symbol, event.bar_start, event.historical) == ("AAPL", START, False)
            assert found[0]["bar_start"] == rfc3339(START)
            known = await raised(running)
            assert known == sightings(market) != set()
            counted = await figures_of(running)
            told = [value for name, value in counted.items() if name.startswith("recommendations_signals_")]
            assert sum(told) == len((await state_of(running))["signals"])
            assert counted["recommendations_watched_symbols"] == 1
            assert counted["recommendations_analysis_duration_seconds_count"] == 1


async def test_each_closed_bar_that_waits_is_counted(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        market = MarketData(AAPL=walk(600))
        market.offer()
        async with around.stack.part("recommendations") as running:
            await signals(running, 5)
            market.away = True
            await around.publish(market.closing(bar(0, CRASH)))
            await waiting(running, 1)
            await around.publish(*(market.closing(bar(place, CRASH)) for place in (1, 2, 3)))
            await waiting(running, 4)
            market.away = False
            await waiting(running, 0)


async def waiting(running: Running, bars: int) -> None:
    """Until so many wait for the strategies."""

    async def so_many() -> bool:
        return (await figures_of(running))["recommendations_waiting_bars"] == bars

    await eventually(so_many)


async def test_a_bar_that_is_told_again_raises_nothing_again(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        market = MarketData(AAPL=walk(600))
        market.offer()
        async with around.stack.part("recommendations") as running:
            await signals(running, 5)
            envelopes = await around.publish(market.closing(bar(0, CRASH)))
            before = await signals(running, 6)
            await around.deliver(envelopes)
            await around.publish(BarClosed(symbol="AAPL", bar=bar(0, CRASH)))
            await settled(running)
            await around.publish(market.closing(bar(1, 10_000)))
            async with client(running) as reader:
                again = [each for each in await all_signals(reader) if each["bar_start"] != rfc3339(START + STEP)]
            assert again == before


async def test_a_bar_that_another_process_was_told_of_is_seen_with_the_next_one(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        market = MarketData(AAPL=walk(600))
        market.offer()
        async with around.stack.part("recommendations") as running:
            await signals(running, 5)
            untold = [market.closing(bar(place, each.close)) for place, each in enumerate(walk(120, 2))]
            await around.publish(market.closing(bar(len(untold), 10_000)))

            async def all_of_them() -> bool:
                return await raised(running) == sightings(market) != set()

            await eventually(all_of_them)


async def test_a_restart_raises_no_signal_twice_and_none_too_few(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        market = MarketData(AAPL=walk(600))
        market.offer()
        async with around.stack.part("recommendations") as running:
            await signals(running, 5)
            await close(around, running, market, 120)
            before = (await state_of(running))["signals"]
        # What closes while the service is away waits in its queue, and lies in the stored bars.
        first = len([each for each in market.bars["AAPL"] if not each.historical])
        missed = [market.closing(bar(first + place, each.close)) for place, each in enumerate(walk(60, 5))]
        await around.publish(*missed)
        async with around.stack.part("recommendations") as running:

            async def all_of_them() -> bool:
                return await raised(running) == sightings(market)

            await eventually(all_of_them)
            await close(around, running, market, 60, 6)
            after = (await state_of(running))["signals"]
    assert [row for row in after if row in before] == before
    assert len([row for row in after if row["historical"]]) == 5
    assert len({(row["strategy"], row["bar_start"]) for row in after}) == len(after)


async def test_it_waits_for_market_data_and_its_provider(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        market = MarketData(AAPL=walk(600))
        market.away = True
        market.offer()
        async with around.stack.part("recommendations") as running:
            await ready(running)
            async with client(running) as reader:
                assert await all_signals(reader) == []
            market.away = False
            await signals(running, 5)


async def test_market_data_that_dies_in_the_middle_of_an_answer_is_asked_again(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        market = MarketData(AAPL=walk(600))
        market.dying = True
        market.offer()
        async with around.stack.part("recommendations") as running:
            assert await eventually(lambda: market.pages > 1)
            market.dying = False
            await signals(running, 5)


async def test_an_instrument_that_is_listed_later_is_reviewed_with_its_first_bar(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        market = MarketData(AAPL=walk(600))
        market.offer()
        async with around.stack.part("recommendations") as running:
            await signals(running, 5)
            market.bars["MSFT"] = walk(600, 3, "MSFT")
            await around.publish(market.closing(bar(0, 10_000, "MSFT")))
            assert len(await signals(running, 5, "&symbol=MSFT")) >= 5


async def test_signals_are_paged_filtered_and_refused(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        MarketData(AAPL=walk(600), MSFT=walk(600, 3, "MSFT")).offer()
        async with around.stack.part("recommendations") as running:
            await signals(running, 10)
            async with client(running) as reader:
                assert {each["symbol"] for each in await all_signals(reader, "&symbol=MSFT")} == {"MSFT"}
                assert await all_signals(reader, "&symbol=NONE") == []
                seen: list[str] = []
                query = "?limit=3"
                while query:
                    page = (await reader.get(f"/signals{query}")).json()
                    seen += [each["id"] for each in page["items"]]
                    query = f"?limit=3&cursor={page['next']}" if page["next"] else ""
                assert len(set(seen)) == len(seen) == 10
                for bad in ("nonsense", "WzVd", "WyJhIiwxXQ", "WzIwMDAwMDAwMDAwMDAwMDAwMDAwMCwiYSJd"):
                    assert (await reader.get(f"/signals?cursor={bad}")).json()["code"] == "bad_cursor"
                assert (await reader.get(f"/signals?symbol={'A' * 33}")).json()["code"] == "invalid"
                assert (await reader.get("/signals?limit=no")).status_code == 422
            async with client(running, None) as stranger:
                assert (await stranger.get("/signals")).status_code == 401


async def test_stopping_in_the_middle_of_a_review_does_not_hang(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        market = MarketData(AAPL=walk(9_000))
        market.offer()
        async with around.stack.part("recommendations"):
            await eventually(lambda: market.pages > 18)
            began = asyncio.get_running_loop().time()
        assert asyncio.get_running_loop().time() - began < 1
