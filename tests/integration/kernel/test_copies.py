"""A copy is filled when the peer answers, however long that takes, and an earlier one is good enough."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from fastapi import FastAPI, Response
from sqlalchemy import Column, MetaData, Table
from sqlalchemy.exc import OperationalError

from services.contracts.manifest import ServiceManifest
from services.kernel.columns import Key
from services.kernel.copies import Copy, asked
from services.kernel.inserts import upsert
from services.kernel.service import Service
from services.kernel.uow import UnitOfWork
from services.runtime import local
from services.runtime.resources import Resources
from tests import parts
from tests.eventually import eventually

metadata = MetaData()
kept = Table("kept", metadata, Column("place", Key(8), primary_key=True), Column("name", Key(40), nullable=False))
MANIFEST = ServiceManifest(name="names", title="Names", entry="-", calls=("auth",), database=True)


class Names:
    """The peer, and what is kept of its page."""

    service: Service

    def __init__(self) -> None:
        self.status = 200
        self.rows: list[str] = ["Ann"]
        self.kept: list[str] = []
        self.asked = 0
        self.meanwhile: list[str] = []
        """What events write while the page is on its way."""
        self.failures: list[Exception] = []
        self.app = FastAPI()

        @self.app.get("/names")
        async def names(response: Response) -> list[str]:
            self.asked += 1
            response.status_code = self.status
            page = list(self.rows)
            while self.meanwhile:
                self.rows = [self.meanwhile.pop()]
                await self.service.database.transact(keep, self.rows)
            return page

    async def fill(self, uow: UnitOfWork, rows: Sequence[str]) -> None:
        if self.failures:
            raise self.failures.pop()
        await keep(uow, rows)
        self.kept = list(rows)


async def keep(uow: UnitOfWork, rows: Sequence[str]) -> None:
    statement = upsert(kept, uow.connection.dialect.name)
    for place, name in enumerate(rows):
        await uow.execute(statement, {"place": str(place), "name": name})


@pytest.fixture
def names() -> Names:
    return Names()


@pytest.fixture
async def service(tmp_path: Path, names: Names) -> AsyncIterator[Service]:
    local.clear()
    local.offer("asgi://auth", names.app)
    urls = {
        "broker": parts.of(tmp_path).broker,
        "cache": parts.of(tmp_path).cache,
        "auth": "asgi://auth",
        "database": parts.of(tmp_path).bare_database("names"),
    }
    opened = Service(MANIFEST, Resources(name="names", urls=urls, key="k"))
    await opened.database.change_schema(metadata.create_all)
    names.service = opened
    yield opened
    await opened.close()
    await opened.broker.close()
    local.clear()


@pytest.fixture
def copy(service: Service, names: Names) -> Copy[str]:
    return Copy(service, "auth", "/names", list[str], names.fill, kept)


async def running(copy: Copy[str]) -> "asyncio.Task[None]":
    return asyncio.get_running_loop().create_task(copy.run())


async def test_it_is_filled_and_then_rests(copy: Copy[str], names: Names) -> None:
    assert await copy.check() == "nothing of auth/names yet"
    task = await running(copy)
    await eventually(lambda: names.kept == ["Ann"])
    assert await copy.check() is None
    assert not task.done()
    task.cancel()


@pytest.mark.parametrize("status", [401, 404, 500, 503])
async def test_a_refusal_is_asked_again(copy: Copy[str], names: Names, status: int) -> None:
    names.status = status
    task = await running(copy)
    await eventually(lambda: names.asked > 1)
    assert names.kept == []
    names.status = 200
    await eventually(lambda: names.kept == ["Ann"])
    task.cancel()


async def test_an_empty_page_is_no_copy(copy: Copy[str], names: Names) -> None:
    names.rows = []
    task = await running(copy)
    await eventually(lambda: names.asked > 1)
    names.rows = ["Bob"]
    await eventually(lambda: names.kept == ["Bob"])
    task.cancel()


async def test_what_an_event_wrote_while_the_peer_was_asked_is_not_overwritten(copy: Copy[str], names: Names) -> None:
    names.meanwhile = ["Anna"]
    task = await running(copy)
    await eventually(lambda: names.kept)
    assert (names.kept, names.asked) == (["Anna"], 2)
    task.cancel()


async def test_a_lost_database_is_waited_for(copy: Copy[str], names: Names) -> None:
    lost = OperationalError("INSERT", {}, Exception("gone"), connection_invalidated=True)
    names.failures = [lost, lost]
    task = await running(copy)
    await eventually(lambda: names.kept == ["Ann"])
    task.cancel()


async def test_a_mistake_of_ours_ends_it_loudly(copy: Copy[str], names: Names) -> None:
    names.failures = [TypeError("no such thing")]
    with pytest.raises(TypeError, match="no such thing"):
        await copy.run()


async def test_a_page_of_another_shape_is_a_mistake_too(service: Service, names: Names) -> None:
    with pytest.raises(ValueError, match="int"):
        await asked(service, "auth", "/names", list[int])
