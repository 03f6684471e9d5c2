"""What a database that is a server adds: deadlocks, lost connections, commits in another order than their ids."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from services.kernel import outbox
from services.kernel.database import Database
from services.kernel.lost import OutcomeUnknown, is_lost
from services.kernel.settings import Store
from services.kernel.uow import UnitOfWork
from services.runtime.clock import WALL
from services.runtime.killpoints import watch
from tests import containers
from tests.contract.store.conftest import accounts, create, entries
from tests.envelopes import posted
from tests.eventually import eventually

ID = text("SELECT CONNECTION_ID()")
Pair = tuple[Database, Database]


@pytest.fixture
def url() -> Iterator[str]:
    with containers.schema() as url:
        yield url


@pytest.fixture
async def pair(url: str) -> AsyncIterator[Pair]:
    one, other = Database(url, WALL), Database(url, WALL)
    await one.change_schema(create)
    yield one, other
    await one.close()
    await other.close()


@pytest.fixture
def database(pair: Pair) -> Database:
    return pair[0]


def kill(connection: int) -> None:
    with containers.root(containers.mysql()) as root, root.cursor() as cursor:
        cursor.execute("KILL %s", (connection,))


async def write(uow: UnitOfWork, text: str) -> int:
    """A row; the connection's id."""
    await uow.execute(insert(entries), {"text": text})
    return int((await uow.execute(ID)).scalar_one())


async def written(database: Database) -> list[str]:
    async with database.reading() as connection:
        return list((await connection.execute(select(entries.c.text).order_by(entries.c.id))).scalars())


async def add(uow: UnitOfWork, account: str, amount: int) -> None:
    await uow.execute(update(accounts).where(accounts.c.id == account).values(balance=accounts.c.balance + amount))


async def open_accounts(database: Database) -> None:
    async def use_case(uow: UnitOfWork) -> None:
        await uow.execute(insert(accounts), [{"id": "a", "balance": 0}, {"id": "b", "balance": 0}])

    await database.transact(use_case)


async def balances(database: Database) -> list[int]:
    async with database.reading() as connection:
        return list((await connection.execute(select(accounts.c.balance).order_by(accounts.c.id))).scalars())


async def crosswise(pair: Pair, carry_on: Callable[[UnitOfWork, str], Awaitable[None]]) -> int:
    """Two transactions that each have a row which the other one wants; how often one of them began."""
    both, began = asyncio.Barrier(2), 0

    async def use_case(uow: UnitOfWork, first: str, second: str) -> None:
        nonlocal began
        began += 1
        await add(uow, first, 1)
        if began <= 2:
            await both.wait()
        await carry_on(uow, second)

    await asyncio.gather(pair[0].transact(use_case, "a", "b"), pair[1].transact(use_case, "b", "a"))
    return began


async def test_of_two_in_a_deadlock_one_begins_anew_and_both_are_done(pair: Pair) -> None:
    await open_accounts(pair[0])

    async def carry_on(uow: UnitOfWork, account: str) -> None:
        await add(uow, account, 10)

    assert await crosswise(pair, carry_on) == 3
    assert await balances(pair[0]) == [11, 11]


async def test_a_use_case_that_overlooks_a_deadlock_is_not_half_done(pair: Pair) -> None:
    await open_accounts(pair[0])

    async def carry_on(uow: UnitOfWork, account: str) -> None:
        try:
            await add(uow, account, 10)
        except DBAPIError:
            await write(uow, "went on without")

    assert await crosswise(pair, carry_on) == 3
    assert (await balances(pair[0]), await written(pair[0])) == ([11, 11], [])


async def test_all_use_cases_of_a_transaction_that_a_deadlock_ended_begin_anew(pair: Pair) -> None:
    await open_accounts(pair[0])
    began: list[str] = []
    both = asyncio.Barrier(2)

    async def crossing(uow: UnitOfWork, first: str, second: str) -> None:
        await add(uow, first, 1)
        if began.count("crossing") < 2:
            began.append("crossing")
            await both.wait()
        await add(uow, second, 10)

    async def along(uow: UnitOfWork, text: str) -> None:
        began.append(text)
        await write(uow, text)

    sides = [
        (database.transact(along, f"{side}1"), database.transact(crossing, *rows), database.transact(along, f"{side}2"))
        for database, side, rows in zip(pair, ("left", "right"), ("ab", "ba"), strict=True)
    ]
    await asyncio.gather(*sides[0], *sides[1])
    assert await balances(pair[0]) == [11, 11]
    assert sorted(await written(pair[0])) == ["left1", "left2", "right1", "right2"]
    assert len(began) > len(set(began)) + 1


async def test_who_waits_too_long_for_a_row_begins_anew(pair: Pair, url: str) -> None:
    await open_accounts(pair[0])
    impatient = Database(url, WALL, settings=Store(lock_timeout=1))
    gate, began = asyncio.Event(), 0

    async def hold(uow: UnitOfWork) -> None:
        await add(uow, "a", 1)
        await gate.wait()

    async def want(uow: UnitOfWork) -> None:
        nonlocal began
        began += 1
        if began == 2:
            gate.set()
        await add(uow, "a", 10)

    await asyncio.gather(pair[0].transact(hold), impatient.transact(want))
    await impatient.close()
    assert (began, await balances(pair[0])) == (2, [11, 0])


async def test_a_connection_lost_in_a_transaction_costs_nothing(database: Database) -> None:
    began = 0

    async def use_case(uow: UnitOfWork) -> None:
        nonlocal began
        began += 1
        connection = await write(uow, "one")
        if began == 1:
            kill(connection)
        await write(uow, "two")

    await asyncio.gather(database.transact(write, "along"), database.transact(use_case))
    assert (began, sorted(await written(database))) == (2, ["along", "one", "two"])


async def test_a_connection_lost_while_nothing_was_under_way_is_not_noticed(database: Database) -> None:
    kill(await database.transact(write, "one"))
    kill(await database.transact(write, "two"))
    async with database.reading() as connection:
        kill((await connection.execute(ID)).scalar_one())
    assert await written(database) == ["one", "two"]


async def test_a_connection_lost_in_a_read_is_told(database: Database) -> None:
    async with database.reading() as connection:
        kill((await connection.execute(ID)).scalar_one())
        with pytest.raises(DBAPIError) as loss:
            await connection.execute(ID)
    assert is_lost(loss.value)
    await database.check()


async def test_whether_a_commit_happened_is_not_known_when_the_connection_is_lost_in_it(database: Database) -> None:
    connection = await database.transact(write, "before")
    watch("uow.before_commit", lambda: kill(connection))
    try:
        losses = await asyncio.gather(*(database.transact(write, text) for text in "ab"), return_exceptions=True)
    finally:
        watch("uow.before_commit", None)
    assert [type(loss) for loss in losses] == [OutcomeUnknown] * 2
    assert [(loss.code, loss.status, is_lost(loss)) for loss in losses if isinstance(loss, OutcomeUnknown)] == [
        ("outcome_unknown", 504, True)
    ] * 2
    await database.transact(write, "after")
    assert await written(database) == ["before", "after"]


async def test_a_server_that_is_away_is_lost() -> None:
    away = Database("mysql+asyncmy://root:x@127.0.0.1:1/none", WALL)
    for question in (away.transact(write, "one"), away.check(), away.transact(write, "two")):
        with pytest.raises(DBAPIError) as loss:
            await question
        assert is_lost(loss.value)
        assert "127.0.0.1" in str(loss.value)
    await away.close()


async def test_a_server_that_says_nothing_is_lost() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:  # whose kernel takes connections and which never speaks
        url = f"mysql+asyncmy://root:x@127.0.0.1:{mute.getsockname()[1]}/none"
        database = Database(url, WALL, settings=Store(connect_timeout=0.1))
        with pytest.raises(DBAPIError) as loss:
            await database.check()
        assert is_lost(loss.value)
        await database.close()


async def test_a_statement_that_is_never_answered_ends(pair: Pair, url: str) -> None:
    impatient = Database(url, WALL, settings=Store(statement_timeout=0.2))

    async def sleep(uow: UnitOfWork) -> None:
        await uow.execute(select(func.sleep(20)))

    with pytest.raises(DBAPIError) as loss:
        await impatient.transact(sleep)
    assert is_lost(loss.value)
    await impatient.transact(write, "after")
    assert await written(impatient) == ["after"]
    await impatient.close()


async def emit_and_wait(uow: UnitOfWork, topic: str, gate: asyncio.Event, lying: asyncio.Event) -> None:
    uow.emit(posted(topic))
    await outbox.write(uow, uow.emitted)
    uow.emitted.clear()
    lying.set()
    await gate.wait()


async def unpublished(database: Database) -> list[tuple[str, int]]:
    async with database.reading() as connection:
        return [(one.key, one.seq) for _, one in await outbox.oldest(connection, 100)]


async def emit(uow: UnitOfWork, topic: str) -> None:
    uow.emit(posted(topic))


async def test_an_event_that_is_committed_after_one_with_a_higher_id_is_not_overlooked(pair: Pair) -> None:
    gate, lying = asyncio.Event(), asyncio.Event()
    slow = asyncio.create_task(pair[0].transact(emit_and_wait, "slow", gate, lying))
    await lying.wait()
    await pair[1].transact(emit, "quick")
    async with pair[1].reading() as connection:
        ((quick, _),) = await outbox.oldest(connection, 100)
    await pair[1].transact(outbox.remove, [quick])
    gate.set()
    await slow
    assert await unpublished(pair[1]) == [("slow", 1)]


async def test_events_of_one_aggregate_lie_in_the_order_of_their_numbers_whoever_commits_first(pair: Pair) -> None:
    await pair[0].transact(emit, "topic")
    gate, lying = asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(pair[0].transact(emit_and_wait, "topic", gate, lying))
    await lying.wait()
    second = asyncio.create_task(pair[1].transact(emit, "topic"))
    try:
        # Each look opens a connection: in the loop's thread it would take all the time that the second one needs.
        await eventually(lambda: asyncio.to_thread(waits_for_a_row, 1))
        assert not second.done()
    finally:
        gate.set()
    await asyncio.gather(first, second)
    assert await unpublished(pair[0]) == [("topic", 1), ("topic", 2), ("topic", 3)]


def waits_for_a_row(transactions: int) -> bool:
    with containers.root(containers.mysql()) as root, root.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'")
        return bool((cursor.fetchone() or [0])[0] >= transactions)
