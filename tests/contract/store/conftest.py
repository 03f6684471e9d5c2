"""A database of each kind with the kernel's tables and two more. A further kind is a further name and its URL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, MetaData, Table

from services.kernel.columns import AMOUNT, ROW, Document, Key
from services.kernel.database import Database
from services.kernel.tables import create_kernel_tables
from services.runtime.clock import WALL

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


@pytest.fixture(params=["sqlite"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    url = {"sqlite": f"sqlite+aiosqlite:///{tmp_path / 'store.db'}"}[request.param]
    opened = Database(url, WALL)
    await opened.change_schema(create)
    yield opened
    await opened.close()
