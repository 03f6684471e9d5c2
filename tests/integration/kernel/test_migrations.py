"""A schema that is brought up to date, and one that cannot be."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Index, MetaData, String, Table, inspect
from sqlalchemy.exc import DBAPIError

from services.contracts.migrations import revisions
from services.kernel import migrations
from services.kernel.columns import ROW, Key
from services.kernel.database import Database
from services.kernel.migrations import Phase, UnreadySchema
from services.kernel.mysql.changes import UnfinishedSchema
from services.runtime.clock import WALL
from tests import parts

FIRST = """
import sqlalchemy as sa
from alembic import op

from services.kernel.columns import ROW, Key
from services.kernel.tables import create_kernel_tables

revision = "0001_first"
down_revision = None
mark = "expand"


def upgrade() -> None:
    create_kernel_tables(op.get_bind())
    op.create_table("pets", sa.Column("name", Key(40), primary_key=True), sa.Column("legs", ROW, nullable=False))
"""
SECOND = """
import sqlalchemy as sa
from alembic import op

revision = "0002_owners"
down_revision = "0001_first"
mark = "expand"


def upgrade() -> None:
    op.add_column("pets", sa.Column("owner", sa.String(40), nullable=True))
    {then}
"""
THIRD = """
from alembic import op

revision = "0003_legless"
down_revision = "0002_owners"
mark = "contract"


def upgrade() -> None:
    op.drop_column("pets", "legs")
"""
FOURTH = """
import sqlalchemy as sa
from alembic import op

revision = "0004_tails"
down_revision = "0003_legless"
mark = "expand"


def upgrade() -> None:
    op.add_column("pets", sa.Column("tail", sa.String(40), nullable=True))
"""
CUT_OFF = "op.execute('KILL CONNECTION_ID()')"
"""A migration's last words."""
IMPORTS = """
import asyncio, sys
from pathlib import Path
from services.contracts.migrations import revisions
from services.kernel import migrations
from services.kernel.database import Database
from services.runtime.clock import WALL

async def main():
    database = Database(sys.argv[1], WALL)
    await migrations.upgrade_from(database, Path(sys.argv[2]))
    await database.close()

asyncio.run(main())
print("alembic" in sys.modules)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    write(tmp_path / "migrations", "0001_first", FIRST)
    return tmp_path / "migrations"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(parts.of(tmp_path).bare_database("pets"), WALL)
    yield database
    await database.close()


def write(folder: Path, revision: str, text: str) -> None:
    (folder / "versions" / f"{revision}.py").write_text(text, encoding="utf-8")


def pets(*more: Column[str] | Index) -> MetaData:
    metadata = MetaData()
    Table("pets", metadata, Column("name", Key(40), primary_key=True), Column("legs", ROW, nullable=False), *more)
    return metadata


def owned_pets() -> MetaData:
    return pets(Column("owner", String(40)), Index("owners", "owner"))


async def columns(database: Database, table: str) -> list[str]:
    async with database.reading() as connection:
        return await connection.run_sync(lambda sync: [str(one["name"]) for one in inspect(sync).get_columns(table)])


async def test_an_empty_database_gets_the_whole_schema(database: Database, folder: Path) -> None:
    await migrations.upgrade_from(database, folder)
    async with database.reading() as connection:
        assert await connection.run_sync(migrations.current) == "0001_first"
        assert await connection.run_sync(migrations.differences, pets()) == []


async def test_only_what_is_missing_is_run(database: Database, folder: Path) -> None:
    await migrations.upgrade_from(database, folder)
    write(folder, "0002_owners", SECOND.format(then=""))
    await migrations.upgrade_from(database, folder)
    assert await columns(database, "pets") == ["name", "legs", "owner"]


@pytest.mark.embedded("MySQL commits each change of a schema by itself")
async def test_nothing_stays_of_a_migration_that_fails(database: Database, folder: Path) -> None:
    await migrations.upgrade_from(database, folder)
    write(folder, "0002_owners", SECOND.format(then="raise ValueError('no')"))
    with pytest.raises(ValueError, match="no"):
        await migrations.upgrade_from(database, folder)
    assert await columns(database, "pets") == ["name", "legs"]
    write(folder, "0002_owners", SECOND.format(then=""))
    await migrations.upgrade_from(database, folder)
    assert await columns(database, "pets") == ["name", "legs", "owner"]


@pytest.mark.containers("SQLite undoes all of a migration that was interrupted")
async def test_a_migration_that_was_interrupted_is_taken_up(database: Database, folder: Path) -> None:
    write(folder, "0002_owners", SECOND.format(then=CUT_OFF))
    with pytest.raises(DBAPIError):
        await migrations.upgrade_from(database, folder)
    assert await columns(database, "pets") == ["name", "legs", "owner"]
    write(folder, "0002_owners", SECOND.format(then="op.create_index('owners', 'pets', ['owner'])"))
    await migrations.upgrade_from(database, folder)
    async with database.reading() as connection:
        assert await connection.run_sync(migrations.current) == "0002_owners"
        assert await connection.run_sync(migrations.differences, owned_pets()) == []


@pytest.mark.containers("SQLite undoes all of a migration that was interrupted")
async def test_a_first_migration_that_was_interrupted_is_taken_up(database: Database, folder: Path) -> None:
    write(folder, "0001_first", FIRST + f"    {CUT_OFF}\n")
    with pytest.raises(DBAPIError):
        await migrations.upgrade_from(database, folder)
    write(folder, "0001_first", FIRST)
    await migrations.upgrade_from(database, folder)
    async with database.reading() as connection:
        assert await connection.run_sync(migrations.differences, pets()) == []


@pytest.mark.containers("SQLite undoes all of a migration that was interrupted")
async def test_a_migration_that_cannot_be_taken_up_says_what_to_do(database: Database, folder: Path) -> None:
    write(folder, "0002_owners", SECOND.format(then=f"op.rename_table('pets', 'animals'); {CUT_OFF}"))
    with pytest.raises(DBAPIError):
        await migrations.upgrade_from(database, folder)
    for _ in range(2):
        with pytest.raises(UnfinishedSchema, match=r"0002_owners .* was interrupted .* by hand"):
            await migrations.upgrade_from(database, folder)


@pytest.mark.containers("SQLite undoes all of a migration that fails")
async def test_what_is_there_already_is_an_error_where_nothing_was_interrupted(
    database: Database, folder: Path
) -> None:
    await migrations.upgrade_from(database, folder)
    write(folder, "0002_owners", SECOND.format(then="op.create_table('pets', sa.Column('id', sa.Integer))"))
    with pytest.raises(DBAPIError, match="already exists"):
        await migrations.upgrade_from(database, folder)


@pytest.mark.containers("a file of SQLite's has one process")
async def test_two_processes_bring_an_empty_schema_up_to_date_at_once(database: Database, folder: Path) -> None:
    write(folder, "0002_owners", SECOND.format(then="op.create_index('owners', 'pets', ['owner'])"))
    url = database.url.render_as_string(hide_password=False)
    commands = [[sys.executable, "-c", IMPORTS, url, str(folder)] for _ in range(3)]
    processes = [await asyncio.create_subprocess_exec(*each, stdout=subprocess.PIPE) for each in commands]
    await asyncio.gather(*(process.communicate() for process in processes))
    assert [process.returncode for process in processes] == [0, 0, 0]
    async with database.reading() as connection:
        assert await connection.run_sync(migrations.differences, owned_pets()) == []


async def test_a_difference_between_code_and_schema_is_seen(database: Database, folder: Path) -> None:
    await migrations.upgrade_from(database, folder)
    async with database.reading() as connection:
        found = await connection.run_sync(migrations.differences, pets(Column("owner", Key(40))))
        longer = MetaData()
        Table("pets", longer, Column("name", Key(41), primary_key=True), Column("legs", ROW, nullable=False))
        wider = await connection.run_sync(migrations.differences, longer)
    assert [change[0] for change in found] == ["add_column"]
    assert len(wider) == 1


async def test_a_database_that_is_up_to_date_needs_no_alembic(database: Database, folder: Path) -> None:
    await migrations.upgrade_from(database, folder)
    command = [sys.executable, "-c", IMPORTS, database.url.render_as_string(hide_password=False), str(folder)]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert (await process.communicate())[0].strip() == b"False"


def test_a_package_without_revisions_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LookupError):
        revisions(tmp_path)
    with pytest.raises(LookupError):
        migrations.folder_of("services.kernel.tables")


async def test_what_contracts_waits_until_it_is_told_that_the_release_before_is_gone(
    database: Database, folder: Path
) -> None:
    await migrations.upgrade_from(database, folder)
    write(folder, "0002_owners", SECOND.format(then=""))
    write(folder, "0003_legless", THIRD)
    await migrations.upgrade_from(database, folder, Phase.EXPAND)
    await migrations.upgrade_from(database, folder, Phase.EXPAND)
    await migrations.upgrade_from(database, folder, Phase.CHECK)
    assert await columns(database, "pets") == ["name", "legs", "owner"]
    await migrations.upgrade_from(database, folder, Phase.ALL)
    assert await columns(database, "pets") == ["name", "owner"]
    await migrations.upgrade_from(database, folder, Phase.EXPAND)


async def test_what_is_checked_is_not_changed(database: Database, folder: Path) -> None:
    await migrations.upgrade_from(database, folder)
    write(folder, "0002_owners", SECOND.format(then=""))
    with pytest.raises(UnreadySchema, match=r"is at 0001_first; this release needs 0002_owners"):
        await migrations.upgrade_from(database, folder, Phase.CHECK)


async def test_a_release_lives_with_a_newer_schema_as_long_as_it_was_not_contracted(
    database: Database, folder: Path
) -> None:
    write(folder, "0002_owners", SECOND.format(then=""))
    await migrations.upgrade_from(database, folder)
    (folder / "versions" / "0002_owners.py").unlink()
    for phase in Phase:
        await migrations.upgrade_from(database, folder, phase)
    write(folder, "0002_owners", SECOND.format(then=""))
    write(folder, "0003_legless", THIRD)
    await migrations.upgrade_from(database, folder)
    for newer in ("0002_owners", "0003_legless"):
        (folder / "versions" / f"{newer}.py").unlink()
    for phase in Phase:
        with pytest.raises(migrations.UnknownSchema, match=r"cannot live with \['0003_legless'\]"):
            await migrations.upgrade_from(database, folder, phase)


async def test_what_expands_behind_a_contract_names_the_release_that_is_missing(
    database: Database, folder: Path
) -> None:
    await migrations.upgrade_from(database, folder)
    write(folder, "0002_owners", SECOND.format(then=""))
    write(folder, "0003_legless", THIRD)
    write(folder, "0004_tails", FOURTH)
    with pytest.raises(UnreadySchema, match="deploy a release that ends with 0003_legless first"):
        await migrations.upgrade_from(database, folder, Phase.EXPAND)


async def test_an_empty_database_has_nobody_to_wait_for(database: Database, folder: Path) -> None:
    write(folder, "0002_owners", SECOND.format(then=""))
    write(folder, "0003_legless", THIRD)
    write(folder, "0004_tails", FOURTH)
    await migrations.upgrade_from(database, folder, Phase.EXPAND)
    assert await columns(database, "pets") == ["name", "owner", "tail"]
