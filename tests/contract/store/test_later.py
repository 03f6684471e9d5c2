"""Statements whose outcome nobody waits for: as good as the others, at the latest with the commit."""

import asyncio

import pytest
from sqlalchemy import bindparam, func, insert, select, update

from services.kernel.connections import Terms
from services.kernel.database import Database
from services.kernel.uow import UnitOfWork
from tests.contract.store.conftest import accounts, entries

ADD = insert(accounts)
SPEND = update(accounts).where(accounts.c.balance >= 30).values(balance=accounts.c.balance - 30)
SAME = update(accounts).where(accounts.c.id == bindparam("name")).values(balance=accounts.c.balance)
"""Finds a row and changes nothing in it."""
BALANCES = select(accounts.c.id, accounts.c.balance)


class NotOne(ConnectionError):
    """What another number of rows means to these tests."""


ONE = Terms(one=True, otherwise=NotOne)


async def add(uow: UnitOfWork, name: str, balance: int = 100) -> None:
    await uow.later(ADD, {"id": name, "balance": balance})


async def balances(database: Database) -> dict[str, int]:
    async with database.reading() as connection:
        return dict((await connection.execute(BALANCES)).all())


async def test_it_is_there_for_the_next_question_and_after_the_commit(database: Database) -> None:
    async def act(uow: UnitOfWork) -> int:
        await add(uow, "a")
        await uow.later(insert(entries), [{"text": "one"}, {"text": "two"}])
        return int((await uow.execute(select(func.count()).select_from(entries))).scalar_one())

    assert await database.transact(act) == 2
    assert await balances(database) == {"a": 100}


async def test_a_use_case_of_nothing_else_is_durable(database: Database) -> None:
    await database.transact(add, "a")
    assert await balances(database) == {"a": 100}


async def test_a_failure_is_its_use_cases_and_leaves_nothing_of_it(database: Database) -> None:
    async def act(uow: UnitOfWork, name: str) -> None:
        await uow.later(insert(entries), {"text": name})
        await add(uow, name)

    await database.transact(add, "n3")
    outcomes = await asyncio.gather(*(database.transact(act, f"n{n}") for n in range(8)), return_exceptions=True)
    assert [isinstance(outcome, Exception) for outcome in outcomes] == [n == 3 for n in range(8)]
    assert await balances(database) == {f"n{n}": 100 for n in range(8)}
    async with database.reading() as connection:
        texts = list((await connection.execute(select(entries.c.text))).scalars())
    assert sorted(texts) == [f"n{n}" for n in range(8) if n != 3]


async def test_terms_that_hold_cost_nothing(database: Database) -> None:
    async def act(uow: UnitOfWork) -> None:
        await add(uow, "a")
        await uow.later(SPEND, {}, ONE)
        await uow.later(SAME, [{"name": "a"}, {"name": "a"}], ONE)

    await database.transact(act)
    assert await balances(database) == {"a": 70}


@pytest.mark.parametrize("names", [["b"], ["a", "b"], ["b", "a"]], ids=" ".join)
async def test_terms_that_do_not_hold_end_the_transaction_with_what_they_mean(
    database: Database, names: list[str]
) -> None:
    await database.transact(add, "a")

    async def act(uow: UnitOfWork) -> None:
        await uow.later(insert(entries), {"text": "one"})
        await uow.later(SAME, [{"name": name} for name in names], ONE)

    with pytest.raises(NotOne):
        await database.transact(act)
    async with database.reading() as connection:
        assert (await connection.execute(select(func.count()).select_from(entries))).scalar_one() == 0


async def test_terms_are_each_use_cases_own(database: Database) -> None:
    await database.transact(add, "a")

    async def spend(uow: UnitOfWork) -> None:
        await uow.later(SPEND, {}, ONE)

    outcomes = await asyncio.gather(*(database.transact(spend) for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(outcome, NotOne) for outcome in outcomes) == 5
    assert await balances(database) == {"a": 10}


async def test_a_duplicate_among_rivals_lets_the_transaction_begin_anew(database: Database) -> None:
    await database.transact(add, "a")
    names = iter(["a", "b"])

    async def act(uow: UnitOfWork) -> None:
        await uow.later(ADD, {"id": next(names), "balance": 1}, Terms(rivals=True))

    await database.transact(act)
    assert await balances(database) == {"a": 100, "b": 1}


async def test_several_questions_at_once_are_answered_each(database: Database) -> None:
    async def act(uow: UnitOfWork) -> tuple[int, list[int], int]:
        await add(uow, "a")
        await add(uow, "b", 10)
        spent, rows, counted = await uow.execute_all(
            (SPEND, {}),
            (select(accounts.c.balance).order_by(accounts.c.id), {}),
            (select(func.count()).select_from(entries), {}),
        )
        return spent.rowcount, list(rows.scalars()), int(counted.scalar_one())

    assert await database.transact(act) == (1, [70, 10], 0)


async def test_what_fits_in_no_packet_goes_in_several(database: Database) -> None:
    rows = [{"text": f"{n:060}"} for n in range(20_000)]

    async def act(uow: UnitOfWork) -> None:
        await uow.later(insert(entries), rows)

    await database.transact(act)
    async with database.reading() as connection:
        assert (await connection.execute(select(func.count()).select_from(entries))).scalar_one() == len(rows)
