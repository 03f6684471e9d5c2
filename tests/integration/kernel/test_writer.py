"""The one writer of a SQLite file, in the moments that go wrong."""

import asyncio
from collections.abc import AsyncIterator
from contextvars import ContextVar
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import OperationalError

from services.kernel import tables
from services.kernel.database import Database
from services.kernel.lost import is_lost
from services.kernel.tables import idempotency
from services.kernel.uow import UnitOfWork
from services.runtime.clock import WALL
from services.runtime.killpoints import watch

pytestmark = pytest.mark.embedded("the one writer of a SQLite file; tests/contract/store is for every database")
WHO: ContextVar[str] = ContextVar("who")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'store.db'}", WALL)
    await database.change_schema(tables.create_kernel_tables)
    yield database
    await database.close()


async def write(uow: UnitOfWork, key: str, size: int = 1) -> None:
    row = {"account": "a", "key": key, "fingerprint": "f", "result": b"x" * size, "created": 0}
    await uow.execute(insert(idempotency), row)


async def written(database: Database) -> list[str]:
    async with database.reading() as connection:
        return sorted((await connection.execute(select(idempotency.c.key))).scalars())


async def test_use_cases_that_wait_share_a_commit(database: Database) -> None:
    commits: list[int] = []
    watch("uow.after_commit", lambda: commits.append(1))
    try:
        await asyncio.gather(*(database.transact(write, f"{n:02}") for n in range(40)))
    finally:
        watch("uow.after_commit", None)
    assert len(commits) == 1
    assert len(await written(database)) == 40


async def test_each_use_case_runs_in_its_callers_context(database: Database) -> None:
    async def who(_: UnitOfWork) -> str:
        await asyncio.sleep(0)
        return WHO.get()

    async def call(name: str) -> str:
        WHO.set(name)
        return await database.transact(who)

    assert await asyncio.gather(*(call(name) for name in "abc")) == ["a", "b", "c"]


async def test_a_use_case_may_wait_and_the_others_wait_for_it(database: Database) -> None:
    gate = asyncio.Event()

    async def slow(uow: UnitOfWork) -> None:
        await gate.wait()
        await write(uow, "slow")

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(database.transact(slow))
        tasks.create_task(database.transact(write, "quick"))
        await asyncio.sleep(0)
        assert await written(database) == []
        gate.set()
    assert await written(database) == ["quick", "slow"]


async def test_a_use_case_that_is_cancelled_takes_no_other_with_it(database: Database) -> None:
    async def cancelled(uow: UnitOfWork) -> None:
        await write(uow, "cancelled")
        gone = asyncio.get_running_loop().create_future()
        gone.cancel()
        await gone

    outcomes = await asyncio.gather(
        database.transact(write, "one"), database.transact(cancelled), database.transact(write, "two"),
        return_exceptions=True,
    )  # fmt: skip
    assert isinstance(outcomes[1], asyncio.CancelledError)
    assert await written(database) == ["one", "two"]


async def test_a_use_case_whose_caller_left_before_its_turn_is_not_run(database: Database) -> None:
    caller = asyncio.create_task(database.transact(write, "left"))
    await asyncio.sleep(0)
    caller.cancel()
    await database.transact(write, "stayed")
    assert await written(database) == ["stayed"]


async def test_a_transaction_inside_of_one_is_refused_not_waited_for(database: Database) -> None:
    async def nested(uow: UnitOfWork) -> None:
        await database.transact(write, "inner")

    with pytest.raises(RuntimeError, match="inside"):
        await database.transact(nested)
    await database.transact(write, "after")


async def test_a_commit_that_fails_is_everybodys_error_and_the_next_one_is_not(database: Database) -> None:
    def fail() -> None:
        raise OSError("the disk is gone")

    watch("uow.before_commit", fail)
    try:
        outcomes = await asyncio.gather(*(database.transact(write, str(n)) for n in range(3)), return_exceptions=True)
    finally:
        watch("uow.before_commit", None)
    assert [str(outcome) for outcome in outcomes] == ["the disk is gone"] * 3
    await database.transact(write, "next")
    assert await written(database) == ["next"]


async def test_a_full_disk_is_a_lost_part_and_costs_nothing_that_was_there(database: Database) -> None:
    async def limit(uow: UnitOfWork, pages: int) -> None:
        await uow.execute(text(f"PRAGMA max_page_count={pages}"))

    await database.transact(write, "one")
    await database.transact(limit, 60)
    with pytest.raises(OperationalError) as refusal:
        await database.transact(write, "big", 1_000_000)
    assert is_lost(refusal.value)
    await database.transact(limit, 1_000_000)
    await database.transact(write, "two", 1_000_000)
    assert await written(database) == ["one", "two"]


async def test_closing_finishes_what_waits_and_refuses_what_comes(database: Database) -> None:
    waiting = [asyncio.create_task(database.transact(write, str(n))) for n in range(3)]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*waiting)
    with pytest.raises(RuntimeError, match="closed"):
        await database.transact(write, "late")


@pytest.mark.parametrize("url", ["sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:", "postgresql+asyncpg://x/y"])
def test_a_database_that_is_no_file_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="database"):
        Database(url, WALL)
