"""Who reads a real replica, and who reads the primary instead."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Column, MetaData, Table, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.cache import cache_for
from services.kernel.columns import ROW, Key
from services.kernel.database import Database
from services.kernel.marks import Marks
from services.kernel.uow import UnitOfWork
from services.runtime import local
from services.runtime.clock import WALL
from services.runtime.killpoints import watch
from tests import containers, parts
from tests.eventually import eventually
from tests.integration.neighbours import neighbourhood
from tests.integration.people import client

pytestmark = pytest.mark.containers("there is a replica of a server only")
PRIMARY, REPLICA = "primary", "replica"
CAUGHT_UP = 60.0
"""Seconds: the first test starts the replica, which then takes in all that this run has written before."""
metadata = MetaData()
notes = Table("notes", metadata, Column("id", ROW, primary_key=True, autoincrement=True), Column("text", Key(64)))


class EndedError(Exception):
    """Here nothing more is done, as by a process that was killed."""


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = replicated(parts.of(tmp_path).bare_database("notes"), parts.of(tmp_path).cache)
    await database.change_schema(metadata.create_all)
    yield database
    await database.close()
    local.clear()


def replicated(url: str, cache: str) -> Database:
    database = Database(url, WALL)
    database.read_from(containers.on_replica(url), Marks(cache_for(cache), "notes"))
    return database


async def write(uow: UnitOfWork, user: str, text: str) -> None:
    await uow.execute(insert(notes), {"text": text})
    uow.wrote_of(user)


async def look(connection: AsyncConnection) -> tuple[str, list[str]]:
    """Which server it is, and the notes."""
    read_only = (await connection.execute(text("SELECT @@GLOBAL.super_read_only"))).scalar_one()
    found = await connection.execute(select(notes.c.text).order_by(notes.c.id))
    return REPLICA if read_only else PRIMARY, list(found.scalars())


async def by_replica(database: Database, user: str) -> list[str]:
    """What the user finds as soon as it is the replica that answers."""

    async def asked() -> list[str] | None:
        where, found = await database.read_of(user, look)
        return found if where == REPLICA else None

    found = await eventually(asked, CAUGHT_UP)
    assert found is not None
    return found


def tell_replica(statement: str) -> None:
    with containers.root(containers.replica()) as root, root.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def standing_still() -> Iterator[None]:
    """The replica takes nothing in."""
    tell_replica("STOP REPLICA SQL_THREAD")
    try:
        yield
    finally:
        tell_replica("START REPLICA SQL_THREAD")


@contextmanager
def paused(server: containers.Server) -> Iterator[None]:
    server.container.pause()
    try:
        yield
    finally:
        server.container.unpause()


async def test_a_user_without_a_mark_reads_the_primary_and_then_the_replica(database: Database) -> None:
    await database.transact(write, "ann", "one")
    assert await database.read_of("ann", look) == (PRIMARY, ["one"])
    assert await by_replica(database, "ann") == ["one"]


async def test_a_user_finds_what_was_written_of_him_although_the_replica_lacks_it(database: Database) -> None:
    await database.transact(write, "ann", "one")
    assert await by_replica(database, "ann") == await by_replica(database, "bob") == ["one"]
    with standing_still():
        await database.transact(write, "ann", "two")
        for _ in range(3):
            assert await database.read_of("ann", look) == (PRIMARY, ["one", "two"])
        assert await database.read_of("bob", look) == (REPLICA, ["one"])
    assert await by_replica(database, "ann") == ["one", "two"]


async def test_a_process_that_is_killed_after_its_commit_leaves_no_mark(database: Database) -> None:
    await database.transact(write, "ann", "one")
    await by_replica(database, "ann")

    def end() -> None:
        raise EndedError

    with standing_still():
        watch("uow.after_commit", end)
        try:
            with pytest.raises(EndedError):
                await database.transact(write, "ann", "two")
        finally:
            watch("uow.after_commit", None)
        for _ in range(3):
            assert await database.read_of("ann", look) == (PRIMARY, ["one", "two"])


async def test_a_write_of_somebody_else_ends_a_mark_that_is_being_made(database: Database) -> None:
    assert database.replica is not None
    marks = database.replica.marks
    before = await marks.of("ann")
    assert before is not None
    await database.transact(write, "ann", "one")
    await marks.set("ann", before.name, "")
    assert await database.read_of("ann", look) == (PRIMARY, ["one"])


async def test_an_emptied_cache_means_the_primary(database: Database) -> None:
    await database.transact(write, "ann", "one")
    await by_replica(database, "ann")
    with standing_still():
        await database.transact(write, "ann", "two")
        containers.empty_cache()
        assert await database.read_of("ann", look) == (PRIMARY, ["one", "two"])
    assert await by_replica(database, "ann") == ["one", "two"]


async def test_a_cache_that_is_away_while_something_is_written_hides_nothing(
    database: Database, tmp_path: Path
) -> None:
    await database.transact(write, "ann", "one")
    await by_replica(database, "ann")
    with standing_still():
        with paused(containers.redis()):
            await database.transact(write, "ann", "two")
            assert await database.read_of("ann", look) == (PRIMARY, ["one", "two"])
        for _ in range(3):
            assert await database.read_of("ann", look) == (PRIMARY, ["one", "two"])


async def test_a_replica_that_is_lost_means_the_primary_and_soon_costs_nothing(database: Database) -> None:
    await database.transact(write, "ann", "one")
    await by_replica(database, "ann")
    assert database.replica is not None
    with paused(containers.replica()):
        assert await database.read_of("ann", look) == (PRIMARY, ["one"])
        began = time.monotonic()
        assert await database.read_of("ann", look) == (PRIMARY, ["one"])
        assert time.monotonic() - began < 1
    assert await by_replica(database, "ann") == ["one"]


async def test_what_the_replica_does_not_have_the_primary_may(database: Database) -> None:
    async def last(connection: AsyncConnection) -> str | None:
        newest = select(notes.c.text).where(notes.c.text == "two")
        return (await connection.execute(newest)).scalar_one_or_none()

    await database.transact(write, "ann", "one")
    await by_replica(database, "bob")
    with standing_still():
        await database.transact(write, "ann", "two")
        assert await database.read_of("bob", last) == "two"


async def test_a_service_without_its_replica_is_degraded_and_serves(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        around.stack.urls["replica"] = containers.on_replica(parts.of(tmp_path).database("chat"))
        async with around.stack.part("chat") as running, client(running) as ann:

            async def is_(status: str, *, replica: bool) -> None:
                async def as_said() -> bool:
                    answer = await ann.get("/ready")
                    page = answer.json()
                    told = (answer.status_code, page["status"], page["checks"]["replica"] == "ok")
                    return told == (200, status, replica)

                await eventually(as_said, 10)

            await is_("ready", replica=True)
            topic = (await ann.post("/chat/topics", json={"title": "a topic"})).json()
            assert await titles(ann) == ["a topic"]
            with standing_still():
                await ann.post("/chat/topics", json={"title": "another"})
                await is_("degraded", replica=False)
                assert await titles(ann) == ["another", "a topic"]
            await is_("ready", replica=True)
            with paused(containers.replica()):
                await is_("degraded", replica=False)
                assert (await ann.get(f"/chat/topics/{topic['id']}")).status_code == 200
            await is_("ready", replica=True)


async def titles(reader: httpx.AsyncClient) -> list[str]:
    return [topic["title"] for topic in (await reader.get("/chat/topics")).json()["items"]]
