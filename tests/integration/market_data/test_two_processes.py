"""Two processes of market data at one schema: whatever both write is there once, and is told once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from services.contracts.clock import MINUTE
from services.contracts.envelope import DECODER
from services.contracts.instruments import Instrument
from services.contracts.market import Bar
from services.kernel import tables
from services.kernel.database import Database
from services.kernel.uow import UnitOfWork
from services.market_data import handlers
from services.market_data.domain.candles import Candles
from services.market_data.domain.symbol import Symbol
from services.market_data.store.tables import candles, progress
from tests.integration.market_data.street import START, TODAY, history_bar
from tests.integration.pair import Pair, pair_of
from tests.integration.sim.provider.scripted import listed

AAPL, MSFT = listed("AAPL"), listed("MSFT")


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    async with pair_of(tmp_path, "market_data") as opened:
        yield opened


async def told(database: Database) -> Counter[str]:
    """Names of the events in the outbox."""
    async with database.reading() as connection:
        documents = (await connection.execute(select(tables.outbox.c.envelope))).scalars()
        return Counter(DECODER.decode(document).name for document in documents)


async def open_fence(_: UnitOfWork) -> None:
    """Both lead: what a lease that changes hands may let happen one after the other."""


def symbol(*closed: Bar, of: Instrument = AAPL) -> Symbol:
    made = Symbol(of, 9_900, Candles(of.symbol), 0)
    made.closed = list(closed)
    return made


async def test_who_takes_over_tells_what_is_not_as_it_was_told(pair: Pair) -> None:
    one, other = pair
    await one.transact(handlers.take_over, [symbol(), symbol(of=MSFT)], open_fence)
    assert await told(one) == {"instrument_listed": 2, "reference_price": 2}
    async with one.reading() as connection:
        assert sorted((await connection.execute(select(progress.c.symbol))).scalars()) == ["AAPL", "MSFT"]
    closed, same = symbol(), symbol(of=MSFT)
    closed.turn("closed", START)
    await other.transact(handlers.take_over, [closed, same], open_fence)
    await other.transact(handlers.take_over, [closed, same], open_fence)
    assert await told(one) == {"instrument_listed": 2, "reference_price": 2, "instrument_changed": 1}


async def test_a_bar_that_both_have_closed_is_told_once(pair: Pair) -> None:
    await pair[0].transact(handlers.take_over, [symbol()], open_fence)
    first, second, third = (history_bar("AAPL", START + minute * MINUTE) for minute in range(3))
    await pair[0].transact(handlers.keep, [symbol(first, second)], open_fence)
    await pair[1].transact(handlers.keep, [symbol(second, third)], open_fence)
    assert (await told(pair[0]))["bar_closed"] == 3
    async with pair[0].reading() as connection:
        starts = (await connection.execute(select(candles.c.start).order_by(candles.c.start))).scalars()
        assert list(starts) == [first.start, second.start, third.start]


async def test_history_that_both_store_is_there_once(pair: Pair) -> None:
    bars = [history_bar("AAPL", TODAY + minute * MINUTE) for minute in range(420)]
    await asyncio.gather(*(each.transact(handlers.keep_history, bars) for each in pair))
    async with pair[0].reading() as connection:
        counts = Counter((await connection.execute(select(candles.c.interval))).scalars())
    assert counts == {"1m": 420, "5m": 84, "15m": 28, "1h": 7, "1d": 1}
