"""What is traded most is counted from the orders' events, each fill and each trader once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from services.contracts.clock import DAY as DAYS
from services.contracts.events.orders import OrderFilled, OrderPartiallyFilled, TradeBusted, TradeCorrected
from services.contracts.orders import Fill
from services.kernel import migrations
from services.kernel.database import Database
from services.recommendations import store
from services.runtime.clock import WALL
from services.runtime.resources import Running
from tests import parts
from tests.integration.neighbours import BTCUSDT, Neighbourhood, neighbourhood, settled
from tests.integration.people import client
from tests.integration.portfolio.desk import fill, order
from tests.integration.recommendations.desk import MarketData

DAY = "2024-08-08"


def traded(number: int, account: str, symbol: str = "AAPL", cost: int = 1_000, *, last: bool = True) -> Any:
    state = replace(order(number=number), account_id=account, symbol=symbol)
    if symbol == "BTCUSDT":
        state = replace(state, currency="USDT", quantity_scale=BTCUSDT.quantity_scale)
    made = replace(fill(state, 1, cost, 1), cost=cost)
    return OrderFilled(order=state, fill=made) if last else OrderPartiallyFilled(order=state, fill=made)


def back(event: Any) -> Fill:
    """What takes its fill back."""
    made: Fill = event.fill
    return replace(
        made,
        fill_id=f"{made.fill_id}-back",
        quantity=-made.quantity,
        cost=-made.cost,
        fee=-made.fee,
        reverses=made.fill_id,
    )


@pytest.fixture
async def around(tmp_path: Path) -> AsyncIterator[Neighbourhood]:
    async with neighbourhood(tmp_path) as found:
        MarketData().offer()
        yield found


async def popular(running: Running, query: str = f"?day={DAY}") -> dict[str, Any]:
    async with client(running) as reader:
        document: dict[str, Any] = (await reader.get(f"/analytics/popular{query}")).json()
    return document


async def test_traders_fills_and_notional_are_counted_by_symbol(around: Neighbourhood) -> None:
    async with around.stack.part("recommendations") as running:
        await around.publish(traded(1, "ann", last=False), traded(2, "ann"), traded(3, "bob", cost=500))
        await around.publish(traded(4, "ann", "BTCUSDT", 7_000_000))
        await settled(running)
        found = await popular(running)
        assert found == {
            "day": DAY,
            "items": [
                {"symbol": "AAPL", "traders": 2, "fills": 3, "notional": "25.00", "currency": "USD"},
                {"symbol": "BTCUSDT", "traders": 1, "fills": 1, "notional": "7.000000", "currency": "USDT"},
            ],
        }
        assert (await popular(running, "?day=2024-08-07"))["items"] == []
        assert (await popular(running, ""))["items"] == []


async def test_what_is_told_again_counts_once_also_after_a_restart(around: Neighbourhood) -> None:
    async with around.stack.part("recommendations") as running:
        told = await around.publish(*(traded(number, "ann") for number in range(5)))
        await settled(running)
        before = await popular(running)
    async with around.stack.part("recommendations") as running:
        await around.deliver(told)
        await settled(running)
        assert await popular(running) == before
        await around.publish(traded(9, "ann"), traded(10, "bob"))
        await settled(running)
        [item] = (await popular(running))["items"]
        assert (item["traders"], item["fills"]) == (2, 7)


async def test_a_busted_trade_is_taken_from_its_day_and_a_corrected_one_costs_what_it_does(
    around: Neighbourhood,
) -> None:
    kept, busted, corrected = traded(1, "ann"), traded(2, "bob"), traded(3, "ann", cost=800)
    async with around.stack.part("recommendations") as running:
        await around.publish(kept, busted, corrected)
        await around.publish(
            TradeBusted(order=busted.order, fill=back(busted)),
            TradeCorrected(
                order=corrected.order, taken_back=back(corrected), fill=replace(corrected.fill, fill_id="c", cost=700)
            ),
        )
        await settled(running)
        [item] = (await popular(running))["items"]
        assert (item["traders"], item["fills"], item["notional"]) == (1, 2, "17.00")
        await around.publish(traded(4, "bob"))
        await settled(running)
        [item] = (await popular(running))["items"]
        assert (item["traders"], item["fills"]) == (2, 3)


async def test_a_bust_on_a_later_day_is_taken_from_the_day_of_the_trade(around: Neighbourhood) -> None:
    busted = traded(1, "ann")
    async with around.stack.part("recommendations") as running:
        await around.publish(busted)
        late = back(busted)
        await around.publish(TradeBusted(order=busted.order, fill=replace(late, time=late.time + 3 * DAYS)))
        await settled(running)
        assert (await popular(running))["items"] == []


@pytest.mark.containers("two instances of a service need a broker between processes")
async def test_two_instances_count_each_trader_once(around: Neighbourhood) -> None:
    async with around.stack.part("recommendations") as one, around.stack.part("recommendations", "recommendations@2"):
        batches = [[traded(10 * batch + number, f"trader-{number}") for number in range(10)] for batch in range(6)]
        await asyncio.gather(*(around.publish(*batch) for batch in batches))
        await settled(one)
        [item] = (await popular(one))["items"]
        assert (item["traders"], item["fills"], item["notional"]) == (10, 60, "600.00")


async def test_what_is_no_day_is_refused(around: Neighbourhood) -> None:
    async with around.stack.part("recommendations") as running:
        async with client(running) as reader:
            for day, code in (("2024-02-30", "invalid_time"), ("0000-01-01", "invalid_time"), ("today", "invalid")):
                answer = await reader.get(f"/analytics/popular?day={day}")
                assert (answer.status_code, answer.json()["code"]) == (422, code)
        async with client(running, None) as stranger:
            assert (await stranger.get("/analytics/popular")).status_code == 401


async def test_migrations_and_tables_agree(tmp_path: Path) -> None:
    database = Database(parts.of(tmp_path).bare_database("recommendations"), WALL)
    await migrations.upgrade(database, "recommendations")
    assert await database.change_schema(migrations.differences, store.metadata) == []
    await database.close()
