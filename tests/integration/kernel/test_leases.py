"""Of two processes one holds the lease; whoever lost it, knowing or not, commits nothing under it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from services.kernel import lease, tables
from services.kernel.database import Database
from services.kernel.holder import is_dead, new_holder
from services.kernel.lease import Lease, LeaseLost
from services.kernel.tables import leases, streams
from services.kernel.uow import UnitOfWork
from services.runtime import log
from services.runtime.clock import WALL
from tests import parts
from tests.eventually import eventually

LOG = log.logger("notes")
KILLED = "from services.kernel.holder import new_holder; print(new_holder())"


@pytest.fixture
async def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Database, Database]]:
    monkeypatch.setattr(lease, "LIFETIME", 0.6)
    monkeypatch.setattr(lease, "RENEW_EVERY", 0.05)
    monkeypatch.setattr(lease, "LOOK_EVERY", 0.02)
    url = parts.of(tmp_path).database("leases")
    one, other = Database(url, WALL), Database(url, WALL)
    await one.change_schema(tables.metadata.create_all)
    yield one, other
    await one.close()
    await other.close()


class Contender:
    """A process that works whenever it holds the lease."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.lease = Lease(database, "work", LOG)
        self.works = False
        self.task = asyncio.ensure_future(self.lease.run(self._work))

    async def _work(self) -> None:
        self.works = True
        try:
            await asyncio.Event().wait()
        finally:
            self.works = False

    async def write(self, key: str) -> None:
        """Something that only the holder may write."""

        async def fenced(uow: UnitOfWork) -> None:
            await uow.execute(insert(streams), {"key": key, "seq": 1})
            await self.lease.fence(uow)

        await self.database.transact(fenced)

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


@pytest.fixture
async def contend(pair: tuple[Database, Database]) -> AsyncIterator[Callable[[int], Contender]]:
    made: list[Contender] = []

    def start(place: int) -> Contender:
        made.append(Contender(pair[place]))
        return made[-1]

    yield start
    for each in made:
        await each.stop()


async def held_by(pair: tuple[Database, Database], holder: str) -> None:
    row = {"name": "work", "holder": holder, "token": 7, "beat": 3}

    async def write(uow: UnitOfWork) -> None:
        await uow.execute(insert(leases), row)

    await pair[0].transact(write)


async def take_away(uow: UnitOfWork) -> None:
    """Another process holds it now, and gives no sign."""
    await uow.execute(update(leases).values(token=leases.c.token + 1, holder=new_holder()))


async def token(database: Database) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(select(leases.c.token))).scalar_one())


async def test_one_of_two_works_and_the_other_follows_it(contend: Callable[[int], Contender]) -> None:
    one = contend(0)
    await eventually(lambda: one.works)
    other = contend(1)
    await eventually(lambda: other.lease.elsewhere)
    assert (one.works, other.works) == (True, False)
    assert one.lease.held
    await one.stop()
    await eventually(lambda: other.works, timeout=0.5)
    assert await token(other.database) > 1


async def test_both_at_once_are_one(contend: Callable[[int], Contender]) -> None:
    both = contend(0), contend(1)
    await eventually(lambda: any(each.works for each in both))
    await eventually(lambda: any(each.lease.elsewhere for each in both))
    assert sorted(each.works for each in both) == [False, True]


async def test_a_holder_that_was_killed_is_not_waited_for(
    pair: tuple[Database, Database], contend: Callable[[int], Contender]
) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, stdout=asyncio.subprocess.PIPE)
    killed = (await process.communicate())[0].decode().strip()
    assert is_dead(killed)
    await held_by(pair, killed)
    one = contend(0)
    await eventually(lambda: one.works, timeout=0.4)
    assert await token(pair[0]) == 8


async def test_a_holder_that_gives_no_sign_is_waited_for_and_then_followed(
    pair: tuple[Database, Database], contend: Callable[[int], Contender]
) -> None:
    silent = new_holder()
    assert not is_dead(silent)
    assert not is_dead("another-machine.1:1:1:x")
    await held_by(pair, silent)
    one = contend(0)
    await eventually(lambda: one.lease.elsewhere)
    assert not one.works
    await eventually(lambda: one.works)
    assert await token(pair[0]) == 8


async def test_work_that_does_not_hear_that_it_is_to_end_is_told_again(
    pair: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "AGAIN", 0.05)
    begun: list[int] = []

    async def deaf() -> None:
        begun.append(len(begun))
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:  # as asyncio.wait_for does up to Python 3.11 when an answer comes just then
            await asyncio.Event().wait()

    held = Lease(pair[0], "work", LOG)
    running = asyncio.ensure_future(held.run(deaf))
    await eventually(lambda: begun == [0])
    await pair[0].transact(take_away)
    await eventually(lambda: begun == [0, 1])
    running.cancel()
    await asyncio.wait((running,))


async def test_who_was_asleep_commits_nothing_and_works_no_longer(
    contend: Callable[[int], Contender], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, asleep = contend(0), asyncio.Event()
    await eventually(lambda: one.works)
    await one.write("before")
    monkeypatch.setattr(one.lease, "_renew", asleep.wait)
    other = contend(1)
    await eventually(lambda: other.works)
    assert not one.lease.held
    with pytest.raises(LeaseLost):
        await one.write("after")
    await other.write("other")
    monkeypatch.undo()
    asleep.set()
    await eventually(lambda: not one.works)
    async with other.database.reading() as connection:
        assert sorted((await connection.execute(select(streams.c.key))).scalars()) == ["before", "other"]


@pytest.mark.containers("two transactions at the same time")
async def test_a_fenced_transaction_is_over_before_another_holds_the_lease(
    contend: Callable[[int], Contender], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, gate, fenced = contend(0), asyncio.Event(), asyncio.Event()
    await eventually(lambda: one.works)

    async def slow(uow: UnitOfWork) -> None:
        await one.lease.fence(uow)
        await uow.execute(select(streams))
        fenced.set()
        await gate.wait()

    monkeypatch.setattr(one.lease, "_renew", asyncio.Event().wait)
    writing = asyncio.ensure_future(one.database.transact(slow))
    await fenced.wait()
    other = contend(1)
    await asyncio.wait((writing,), timeout=3 * lease.LIFETIME)
    assert not other.works
    gate.set()
    await writing
    await eventually(lambda: other.works)


async def test_a_lease_that_was_taken_away_is_noticed(contend: Callable[[int], Contender]) -> None:
    one = contend(0)
    await eventually(lambda: one.works)
    await one.database.transact(take_away)
    await eventually(lambda: not one.works)
    await eventually(lambda: one.works)
    assert await token(one.database) == 3


async def test_who_lost_touch_of_the_database_holds_its_lease_again_as_soon_as_it_is_back(
    contend: Callable[[int], Contender], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = contend(0)
    await eventually(lambda: one.works)

    async def lost(*_: object) -> None:
        raise ConnectionError("the database is gone")

    with monkeypatch.context() as patch:
        patch.setattr(one.database, "transact", lost)
        await eventually(lambda: not one.works)
    await eventually(lambda: one.works, timeout=0.4)


async def test_work_that_ends_or_fails_ends_the_loop_and_gives_the_lease_back(
    pair: tuple[Database, Database], contend: Callable[[int], Contender]
) -> None:
    async def ends() -> None:
        return

    async def fails() -> None:
        raise TypeError("no such thing")

    with pytest.raises(RuntimeError, match="ended"):
        await Lease(pair[0], "work", LOG).run(ends)
    with pytest.raises(TypeError, match="no such thing"):
        await Lease(pair[0], "work", LOG).run(fails)
    one = contend(1)
    await eventually(lambda: one.works, timeout=0.4)
