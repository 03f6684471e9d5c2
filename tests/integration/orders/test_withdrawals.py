"""What the risk ledger does for withdrawals: only what is free, once, whoever asks and however often."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from services.contracts.event import Event
from services.contracts.events.orders import CashRefused, CashReleased, CashReserved
from services.contracts.events.portfolio import CashDeposited, WithdrawalRequested, WithdrawalSettled
from services.kernel.database import Database
from services.kernel.uow import UnitOfWork
from services.orders.handlers import withdrawals as handlers
from services.orders.store import ledger
from services.orders.store.tables import balances, withdrawals
from tests.integration.neighbours import enveloped
from tests.integration.pair import Pair, pair_of

Handler = Callable[[UnitOfWork, Any], Awaitable[None]]


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    async with pair_of(tmp_path, "orders") as opened:
        yield opened


async def deposit(database: Database, amount: int, account: str = "ann") -> None:
    event = CashDeposited(deposit_id=f"d-{account}", account_id=account, asset="USD", amount=amount, scale=2)
    await database.transact(ledger.deposit, [event])


def facts(number: int, amount: int, account: str = "ann", asset: str = "USD") -> dict[str, Any]:
    return {"withdrawal_id": f"w{number}", "account_id": account, "asset": asset, "amount": amount, "scale": 2}


async def told(database: Database, handler: Handler, *events: Event) -> list[Event]:
    """What the service says to it."""

    async def use_case(uow: UnitOfWork) -> list[Event]:
        await handler(uow, [(event, enveloped(event)) for event in events])
        return [each.event for each in uow.emitted]

    return await database.transact(use_case)


async def ask(database: Database, *asked: dict[str, Any]) -> list[Event]:
    return await told(database, handlers.on_requested, *(WithdrawalRequested(**each) for each in asked))


async def settle(database: Database, *asked: dict[str, Any]) -> list[Event]:
    return await told(database, handlers.on_settled, *(WithdrawalSettled(**each) for each in asked))


async def balance(database: Database, account: str = "ann") -> tuple[int, int]:
    """Total and reserved."""
    async with database.reading() as connection:
        query = select(balances.c.total, balances.c.reserved).where(balances.c.account_id == account)
        return tuple((await connection.execute(query)).one())


async def statuses(database: Database) -> dict[str, str]:
    async with database.reading() as connection:
        rows = await connection.execute(select(withdrawals.c.withdrawal_id, withdrawals.c.status))
        return {row.withdrawal_id: row.status for row in rows}


def kinds(events: Sequence[Event]) -> list[str]:
    return [event.name for event in events]


async def test_what_is_free_is_reserved_and_leaves_when_it_is_booked(pair: Pair) -> None:
    await deposit(pair[0], 1_000)
    assert kinds(await ask(pair[0], facts(1, 400))) == [CashReserved.name]
    assert await balance(pair[0]) == (1_000, 400)
    assert kinds(await settle(pair[0], facts(1, 400))) == [CashReleased.name]
    assert await balance(pair[0]) == (600, 0)
    assert await statuses(pair[0]) == {"w1": "released"}


async def test_what_is_not_free_is_refused_whole(pair: Pair) -> None:
    await deposit(pair[0], 1_000)
    (answer,) = await ask(pair[0], facts(1, 1_001))
    assert isinstance(answer, CashRefused)
    assert answer.reason == "insufficient_cash"
    assert await balance(pair[0]) == (1_000, 0)
    assert kinds(await ask(pair[0], facts(2, 600), facts(3, 600), facts(4, 400))) == [
        CashReserved.name,
        CashRefused.name,
        CashReserved.name,
    ]
    assert await balance(pair[0]) == (1_000, 1_000)


async def test_an_account_without_that_money_is_refused(pair: Pair) -> None:
    assert kinds(await ask(pair[0], facts(1, 1, "bob"), facts(2, 1, "ann", "RUB"))) == [CashRefused.name] * 2


async def test_what_is_told_again_changes_nothing_and_is_not_answered_again(pair: Pair) -> None:
    await deposit(pair[0], 1_000)
    await ask(pair[0], facts(1, 400), facts(2, 900))
    assert await ask(pair[1], facts(1, 400), facts(2, 900)) == []
    assert await balance(pair[0]) == (1_000, 400)
    await settle(pair[0], facts(1, 400))
    assert await settle(pair[1], facts(1, 400)) == []
    assert await ask(pair[1], facts(1, 400)) == []
    assert await settle(pair[0], facts(2, 900)) == [], "what was refused is never released"
    assert await balance(pair[0]) == (600, 0)


@pytest.mark.parametrize("seed", range(4))
async def test_never_more_leaves_than_was_there_and_what_is_left_adds_up(pair: Pair, seed: int) -> None:
    """Two processes hear of the same withdrawals, some of them twice, in any order, with settlements in between."""
    chance = Random(seed)
    people = ("ann", "bob")
    for account in people:
        await deposit(pair[0], 1_000, account)
    asked = [facts(number, chance.randint(1, 400), chance.choice(people)) for number in range(24)]
    answers: list[Event] = []
    for _ in range(12):
        batches = [chance.sample(asked, chance.randint(1, 6)) for _ in pair]
        for heard in await asyncio.gather(*(ask(each, *batch) for each, batch in zip(pair, batches, strict=True))):
            answers += heard
        reserved = [facts_of(event) for event in answers if isinstance(event, CashReserved)]
        booked = chance.sample(reserved, min(len(reserved), 3))
        for heard in await asyncio.gather(*(settle(each, *booked) for each in pair)):
            answers += heard
        await adds_up(pair[0], people, answers)
    assert {"cash_reserved", "cash_refused", "cash_released"} == set(kinds(answers))


def facts_of(event: CashReserved) -> dict[str, Any]:
    return facts(int(event.withdrawal_id[1:]), event.amount, event.account_id)


async def adds_up(database: Database, people: Sequence[str], answers: Sequence[Event]) -> None:
    """Each was answered once, and each balance follows from the answers."""
    first = [event for event in answers if isinstance(event, CashReserved | CashRefused)]
    assert len({event.withdrawal_id for event in first}) == len(first)
    released = [event for event in answers if isinstance(event, CashReleased)]
    assert len({event.withdrawal_id for event in released}) == len(released)
    for account in people:
        kept = sum(each.amount for each in first if isinstance(each, CashReserved) and each.account_id == account)
        gone = sum(each.amount for each in released if each.account_id == account)
        assert kept <= 1_000
        assert await balance(database, account) == (1_000 - gone, kept - gone)
