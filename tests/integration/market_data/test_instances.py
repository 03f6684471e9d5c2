"""Two instances of market data: both answer, one passes the market on, and the other goes on where it was."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.contracts import channels
from services.contracts.clock import MINUTE
from services.contracts.events.market_data import BarClosed, InstrumentChanged, InstrumentHalted
from services.contracts.market import Trade
from services.kernel.cache import Subscription
from services.runtime.resources import Running
from tests.eventually import eventually
from tests.integration.market_data.street import Desk, desk, ready
from tests.integration.market_data.test_stream import follows, stored

pytestmark = pytest.mark.containers("two instances of a service need a cache between processes")


@pytest.fixture
async def market(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(tmp_path, "AAPL") as opened:
        yield opened


class Heard:
    """Trades by id, as who follows the channel hears them."""

    def __init__(self, subscription: Subscription) -> None:
        self.ids: Counter[int] = Counter()
        self._subscription = subscription

    async def until(self, trade_id: int) -> None:
        async for messages in self._subscription:
            assert isinstance(messages, list)
            self.ids.update(msgspec.json.decode(message, type=Trade).trade_id for _, message in messages)
            if trade_id in self.ids:
                return


async def told(queue: Any, count: int) -> list[tuple[str, int]]:
    """The bars that were told, once there are so many."""
    bars: list[tuple[str, int]] = []
    while len(bars) < count:
        events = [envelope.event for envelope in await queue.take(100) or ()]
        bars += [(event.bar.interval, event.bar.start) for event in events]
    return bars


async def both(first: AsyncExitStack, last: AsyncExitStack, market: Desk) -> tuple[Running, Running]:
    """The first one leads."""
    one = await first.enter_async_context(market.service())
    other = await last.enter_async_context(market.stack.part("market_data", "market_data@2"))
    await eventually(lambda: ready(other))
    return one, other


async def test_each_trade_is_passed_on_once_and_each_bar_told_once_whoever_leads(market: Desk) -> None:
    queue = await market.stack.broker.listen([BarClosed])
    heard = Heard(await market.stack.cache.subscribe(channels.trades("AAPL")))
    async with AsyncExitStack() as last, AsyncExitStack() as first:
        one, other = await both(first, last, market)
        for price in range(10_001, 10_011):
            market.street.traded("AAPL", price)
        await heard.until(10)
        for each in (one, other):
            await follows(each, "100.10")
        market.street.traded("AAPL", 10_020, after=MINUTE)
        bars = await stored(one, 11)
        assert [bar["trades"] for bar in bars if bar["interval"] == "1m"] == [10]
        assert len(await told(queue, 1)) == 1
        await first.aclose()
        market.street.traded("AAPL", 10_030, after=MINUTE)
        bars = await stored(other, 12)
        assert [bar["trades"] for bar in bars if bar["interval"] == "1m"] == [10, 1]
        later = await told(queue, 1)
        assert [interval for interval, _ in later] == ["1m"]
        market.street.traded("AAPL", 10_040)
        await heard.until(13)
        assert {heard.ids[trade_id] for trade_id in range(1, 12)} == {1}
        assert max(heard.ids.values()) == 1


async def test_a_turn_while_nobody_leads_is_told_by_who_leads_next(market: Desk) -> None:
    queue = await market.stack.broker.listen([InstrumentChanged, InstrumentHalted])
    async with AsyncExitStack() as last, AsyncExitStack() as first:
        await both(first, last, market)
        await first.aclose()
        market.street.turned("AAPL", "halted")
        (envelope, *_) = await queue.take(10) or ()
        event = envelope.event
        assert isinstance(event, InstrumentHalted) or event.instrument.status == "halted"  # type: ignore[attr-defined]
