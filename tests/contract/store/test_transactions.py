"""A use case is one transaction: all of it, or nothing."""

import asyncio

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from services.kernel.database import Database
from services.kernel.inserts import insert_if_new
from services.kernel.uow import UnitOfWork
from services.runtime.clock import wall
from tests.contract.store.conftest import accounts, entries


async def write(uow: UnitOfWork, text: str) -> str:
    await uow.execute(insert(entries), {"text": text})
    return text


async def written(database: Database) -> list[str]:
    async with database.reading() as connection:
        return list((await connection.execute(select(entries.c.text).order_by(entries.c.id))).scalars())


async def test_a_use_case_is_durable_when_its_answer_comes(database: Database) -> None:
    assert await database.transact(write, "one") == "one"
    assert await written(database) == ["one"]


async def test_nothing_stays_of_a_use_case_that_fails(database: Database) -> None:
    async def fail(uow: UnitOfWork) -> None:
        await write(uow, "one")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await database.transact(fail)
    assert await written(database) == []


async def test_an_error_does_not_tell_what_was_to_be_written(database: Database) -> None:
    """It goes to the log, where no secret may be."""

    async def twice(uow: UnitOfWork) -> None:
        await uow.execute(insert(entries), [{"id": 1, "text": "secret"}] * 2)

    with pytest.raises(IntegrityError) as told:
        await database.transact(twice)
    assert "secret" not in str(told.value)


async def test_a_use_case_that_fails_takes_no_other_with_it(database: Database) -> None:
    async def maybe(uow: UnitOfWork, number: int) -> None:
        await write(uow, str(number))
        if number % 3 == 0:
            raise ValueError(number)

    outcomes = await asyncio.gather(*(database.transact(maybe, n) for n in range(20)), return_exceptions=True)
    assert [isinstance(outcome, ValueError) for outcome in outcomes] == [n % 3 == 0 for n in range(20)]
    assert sorted(await written(database), key=int) == [str(n) for n in range(20) if n % 3]


async def test_a_reader_sees_nothing_that_is_not_committed(database: Database) -> None:
    seen: list[list[str]] = []

    async def look(uow: UnitOfWork) -> None:
        await write(uow, "one")
        seen.append(await written(database))

    await database.transact(look)
    assert seen == [[]]


async def test_a_reader_stays_with_what_was_there_at_its_first_question(database: Database) -> None:
    await database.transact(write, "one")
    count = select(func.count()).select_from(entries)
    async with database.reading() as connection:
        before = (await connection.execute(count)).scalar_one()
        await database.transact(write, "two")
        assert (await connection.execute(count)).scalar_one() == before
    assert await written(database) == ["one", "two"]


async def test_what_is_due_after_the_commit_is_done_then_and_only_then(database: Database) -> None:
    done: list[str] = []

    async def act(uow: UnitOfWork, name: str, *, fails: bool) -> None:
        uow.after_commit(lambda: done.append(name))
        if fails:
            raise ValueError(name)

    await database.transact(act, "good", fails=False)
    with pytest.raises(ValueError, match="bad"):
        await database.transact(act, "bad", fails=True)
    assert done == ["good"]


async def test_a_balance_is_spent_once_whoever_asks(database: Database) -> None:
    await database.transact(insert_account, 100)

    async def spend(uow: UnitOfWork) -> bool:
        enough = (accounts.c.id == "a") & (accounts.c.balance >= 30)
        return (await uow.execute(update(accounts).where(enough).values(balance=accounts.c.balance - 30))).rowcount == 1

    assert sum(await asyncio.gather(*(database.transact(spend) for _ in range(10)))) == 3


async def insert_account(uow: UnitOfWork, balance: int) -> bool:
    return await insert_if_new(uow, accounts, {"id": "a", "balance": balance})


async def test_a_row_is_inserted_if_it_is_new(database: Database) -> None:
    assert [await database.transact(insert_account, balance) for balance in (1, 2)] == [True, False]
    async with database.reading() as connection:
        assert (await connection.execute(select(accounts.c.balance))).scalar_one() == 1


async def test_keys_differ_by_case_accent_and_trailing_space(database: Database) -> None:
    keys = ["a", "A", "á", "a "]

    async def insert_all(uow: UnitOfWork) -> None:
        await uow.execute(insert(accounts), [{"id": key, "balance": 0} for key in keys])

    await database.transact(insert_all)
    async with database.reading() as connection:
        for key in keys:
            same = await connection.execute(select(accounts.c.id).where(accounts.c.id == key))
            assert same.scalars().all() == [key]


async def test_large_numbers_and_bytes_come_back_as_they_were(database: Database) -> None:
    row = {"id": "a", "balance": 2**63 - 1, "document": bytes(range(256)) * 1_000}

    async def insert_row(uow: UnitOfWork) -> None:
        await uow.execute(insert(accounts), row)

    await database.transact(insert_row)
    async with database.reading() as connection:
        assert (await connection.execute(select(accounts))).mappings().one() == row


async def test_a_transaction_knows_both_times(database: Database) -> None:
    async def times(uow: UnitOfWork) -> tuple[int, int]:
        return uow.now, uow.wall

    before = wall()
    now, wall_now = await database.transact(times)
    assert before <= now <= wall_now + 1_000
    assert before <= wall_now <= wall()


async def test_the_database_says_that_it_answers(database: Database) -> None:
    await database.check()
