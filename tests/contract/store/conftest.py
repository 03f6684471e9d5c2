"""A database of each kind with the kernel's tables and two more. A further kind is a further name and its URL."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, MetaData, Table

from services.kernel.columns import AMOUNT, ROW, Document, Key
from services.kernel.database import Database
from services.kernel.tables import create_kernel_tables
from services.runtime.clock import WALL
from tests import containers

metadata = MetaData()
accounts = Table(
    "accounts",
    metadata,
    Column("id", Key(64), primary_key=True),
    Column("balance", AMOUNT, nullable=False),
    Column("document", Document),
)
entries = Table("entries", metadata, Column("id", ROW, primary_key=True, autoincrement=True), Column("text", Key(64)))


def create(connection: Connection) -> None:
    create_kernel_tables(connection)
    metadata.create_all(connection)


@contextmanager
def url_of(kind: str, folder: Path) -> Iterator[str]:
    """A database of a test's own."""
    if kind == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / 'store.db'}"
    else:
        with containers.schema() as url:
            yield url


@pytest.fixture(params=["sqlite", "mysql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with url_of(request.param, tmp_path) as url:
        yield url


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = Database(url, WALL)
    await opened.change_schema(create)
    yield opened
    await opened.close()
