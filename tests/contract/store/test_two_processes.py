"""Two processes of a service write to one schema, each with a Database of its own."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence

import pytest
from sqlalchemy import insert, select, update

from services.contracts.envelope import Envelope
from services.kernel import outbox
from services.kernel.database import Database
from services.kernel.idempotency import fingerprint, once
from services.kernel.inbox import Inbox
from services.kernel.inserts import insert_if_new
from services.kernel.uow import UnitOfWork
from services.runtime.clock import WALL
from tests.contract.store.conftest import accounts, entries
from tests.envelopes import envelopes, posted

Pair = tuple[Database, Database]


@pytest.fixture
async def pair(url: str, database: Database) -> AsyncIterator[Pair]:
    other = Database(url, WALL)
    yield database, other
    await other.close()


async def credit(uow: UnitOfWork, account: str, amount: int) -> None:
    await uow.execute(update(accounts).where(accounts.c.id == account).values(balance=accounts.c.balance + amount))


async def spend(uow: UnitOfWork, amount: int) -> bool:
    enough = (accounts.c.id == "a") & (accounts.c.balance >= amount)
    spent = await uow.execute(update(accounts).where(enough).values(balance=accounts.c.balance - amount))
    return spent.rowcount == 1


async def open_account(uow: UnitOfWork, name: str, balance: int) -> bool:
    return await insert_if_new(uow, accounts, {"id": name, "balance": balance})


async def balances(database: Database) -> dict[str, int]:
    async with database.reading() as connection:
        return dict((await connection.execute(select(accounts.c.id, accounts.c.balance))).all())


async def test_a_balance_is_spent_once_whichever_process_is_asked(pair: Pair) -> None:
    await pair[0].transact(open_account, "a", 100)
    spent = await asyncio.gather(*(pair[n % 2].transact(spend, 30) for n in range(20)))
    assert sum(spent) == 3
    assert await balances(pair[0]) == {"a": 10}


async def test_of_many_that_insert_a_row_one_is_told_that_it_did(pair: Pair) -> None:
    for name in "abcde":
        inserted = await asyncio.gather(*(pair[n % 2].transact(open_account, name, n) for n in range(10)))
        assert sum(inserted) == 1
        assert (await balances(pair[1]))[name] == inserted.index(True)


async def test_a_write_with_a_key_is_done_by_one_process(pair: Pair) -> None:
    async def deposit(uow: UnitOfWork, key: str) -> tuple[int, bool]:
        async def action() -> int:
            row = await uow.execute(insert(entries), {"text": key})
            return int(row.inserted_primary_key[0]) if row.inserted_primary_key else 0

        return await once(uow, "ann", key, fingerprint({}), action, int)

    for key in "abcde":
        answers = await asyncio.gather(*(pair[n % 2].transact(deposit, key) for n in range(10)))
        assert len({number for number, _ in answers}) == 1
        assert sorted(replayed for _, replayed in answers) == [False] + [True] * 9


async def test_both_number_the_events_of_an_aggregate_without_holes_from_the_first_one_on(pair: Pair) -> None:
    async def emit(uow: UnitOfWork, *topics: str) -> None:
        for topic in topics:
            uow.emit(posted(topic))

    topics = [f"topic-{n}" for n in range(10)]
    for topic in topics:
        await asyncio.gather(*(pair[n % 2].transact(emit, topic, "all", topic) for n in range(6)))
    numbers = defaultdict(list)
    async with pair[0].reading() as connection:
        for _, lying in await outbox.oldest(connection, 1_000):
            numbers[lying.key].append(lying.seq)
    assert numbers == {"all": list(range(1, 61)), **{topic: list(range(1, 13)) for topic in topics}}


@pytest.mark.parametrize("ordered", [True, False])
async def test_an_event_that_both_are_given_is_applied_by_one(pair: Pair, *, ordered: bool) -> None:
    inbox = Inbox("reader", (type(posted("a")),) if ordered else ())

    async def apply(uow: UnitOfWork, given: Sequence[Envelope]) -> None:
        for event in await inbox.admit(uow, given):
            await uow.execute(insert(entries), {"text": f"{event.key}:{event.seq}"})

    for topic in "abcde":
        given = envelopes(topic, range(1, 4))
        await asyncio.gather(*(pair[n % 2].transact(apply, given) for n in range(6)))
    async with pair[0].reading() as connection:
        applied = list((await connection.execute(select(entries.c.text).order_by(entries.c.id))).scalars())
    assert applied == [f"{topic}:{seq}" for topic in "abcde" for seq in range(1, 4)]
