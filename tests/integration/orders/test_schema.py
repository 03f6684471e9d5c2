"""The schema that the migrations make is the one that the code names."""

from pathlib import Path

from services.kernel import migrations
from services.kernel.database import Database
from services.orders import store
from services.runtime.clock import WALL
from tests import parts


async def test_migrations_and_tables_agree(tmp_path: Path) -> None:
    database = Database(parts.of(tmp_path).bare_database("orders"), WALL)
    await migrations.upgrade(database, "orders")
    assert await database.change_schema(migrations.differences, store.metadata) == []
    await database.close()
