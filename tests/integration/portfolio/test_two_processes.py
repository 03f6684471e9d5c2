"""Two processes of the portfolio at the same account at the same time, as when one takes over from the other."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select

from services.contracts.envelope import Envelope
from services.contracts.event import Event
from services.contracts.events.orders import CashCredited
from services.kernel.database import Database
from services.portfolio.domain.booking import Deposit
from services.portfolio.handlers import book, deposit
from services.portfolio.store.tables import cash, deposits, ledger, lots, positions
from tests.integration.neighbours import AAPL, enveloped
from tests.integration.pair import Pair, pair_of
from tests.integration.portfolio.desk import filled, order

PRICE, FEE = 20_000, 100
COST = 10 * PRICE + FEE


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    async with pair_of(tmp_path, "portfolio") as opened:
        yield opened


def told(*events: Event) -> list[tuple[Event, Envelope]]:
    return [(event, enveloped(event)) for event in events]


async def rows(database: Database, *columns: object) -> list[tuple[object, ...]]:
    async with database.reading() as connection:
        return [tuple(row) for row in await connection.execute(select(*columns))]  # type: ignore[call-overload]


async def at_both(pair: Pair, *batches: Sequence[Event]) -> None:
    await asyncio.gather(*(each.transact(book, told(*batch)) for each, batch in zip(pair, batches, strict=True)))


async def test_fills_of_one_holding_add_up_from_the_first_one_on(pair: Pair) -> None:
    for turn in range(5):
        await at_both(pair, *([filled(order(number=10 * turn + n), 10, PRICE, FEE)] for n in range(2)))
    assert await rows(pair[0], positions.c.quantity, positions.c.cost) == [(100, 10 * COST)]
    assert await rows(pair[0], cash.c.amount) == [(-10 * COST,)]
    assert await rows(pair[0], func.sum(lots.c.quantity), func.sum(lots.c.cost)) == [(100, 10 * COST)]
    for turn in range(5):
        await at_both(pair, *([filled(order("sell", number=100 + 10 * turn + n), 10, PRICE, FEE)] for n in range(2)))
    assert await rows(pair[0], positions.c.quantity, positions.c.cost) == [(0, 0)]
    assert await rows(pair[0], cash.c.amount) == [(-20 * FEE,)]
    assert await rows(pair[0], lots.c.lot_id) == []


async def test_a_fill_that_comes_to_both_is_booked_by_one(pair: Pair) -> None:
    for number in range(5):
        same = [filled(order(number=number), 10, PRICE, FEE)]
        outcomes = await asyncio.gather(*(each.transact(book, told(*same)) for each in pair), return_exceptions=True)
        assert outcomes == [None, None]
    assert await rows(pair[0], positions.c.quantity, positions.c.cost) == [(50, 5 * COST)]
    assert await rows(pair[0], cash.c.amount) == [(-5 * COST,)]
    assert await rows(pair[0], func.count(ledger.c.id)) == [(5 * 3,)]


async def test_a_credit_that_comes_to_both_is_booked_by_one(pair: Pair) -> None:
    for number in range(5):
        wanted = Deposit(f"d{number}", "ann", "AAPL", "USD", AAPL.quantity_scale, 10, 10 * PRICE, cash=False)
        await pair[0].transact(deposit, wanted)
        credit = CashCredited(deposit_id=wanted.deposit_id, account_id="ann", asset="AAPL", amount=10, scale=0)
        outcomes = await asyncio.gather(*(each.transact(book, told(credit)) for each in pair), return_exceptions=True)
        assert outcomes == [None, None]
    assert await rows(pair[0], positions.c.quantity) == [(50,)]
    assert set(await rows(pair[0], deposits.c.status)) == {("credited",)}
