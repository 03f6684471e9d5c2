"""A service's schema: Alembic revisions in services/NAME/migrations/versions, run by the kernel.

A revision's id is its file's name without .py, such as ``0001_first``; the files sort in their order. Each says
``mark = "expand"`` (the release before can live with it) or ``"contract"`` (it can't).
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from services.kernel import tables
from services.kernel.database import Database

Alone = Callable[[Connection], AbstractContextManager[Any]]
OneByOne = Callable[[Connection, Iterable[Any]], Iterable[Any]]


class UnknownSchema(Exception):
    """The database was written by a release that this one does not know."""


async def upgrade(database: Database, service: str) -> None:
    """Bring a service's database up to date; one SELECT when it is."""
    await upgrade_from(database, folder_of(f"services.{service}"))


async def upgrade_from(database: Database, folder: Path) -> None:
    """Bring a database up to date with a folder of migrations."""
    known = revisions(folder)
    async with database.reading() as connection:
        at = await connection.run_sync(current)
    if at == known[-1]:
        return
    if at not in {None, *known}:
        raise UnknownSchema(f"{database.url.database} is at {at}; this release knows {known[-1]} and before")
    await database.change_schema(_upgrade, folder)


def folder_of(package: str) -> Path:
    """Where a package has its migrations."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise LookupError(f"{package} is no package")
    return Path(spec.submodule_search_locations[0]) / "migrations"


def revisions(folder: Path) -> list[str]:
    """The ids of a folder's revisions, oldest first, without running any."""
    known = sorted(path.stem for path in (folder / "versions").glob("*.py"))
    if not known:
        raise LookupError(f"{folder} has no revisions")
    return known


def current(connection: Connection) -> str | None:
    """The revision that a database is at; none for an empty one."""
    try:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    except (OperationalError, ProgrammingError):
        return None  # no such table


def _upgrade(connection: Connection, folder: Path) -> None:
    """Run the revisions that are missing: all in the connection's transaction, or alone where each is one of its own.

    Alembic is imported here: a database that is up to date does not need it.
    """
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(folder))
    alone, one_by_one = _manners(connection)

    def steps(revision: Any, _: MigrationContext) -> Iterable[Any]:
        return one_by_one(connection, script._upgrade_revs("head", revision))

    context = MigrationContext.configure(connection, opts={"script": script, "fn": steps})
    with alone(connection), Operations.context(context):
        context.run_migrations()


def _manners(connection: Connection) -> tuple[Alone, OneByOne]:
    """How a kind of database keeps others out, and what it does between revisions."""
    if connection.dialect.name == "mysql":
        from services.kernel.mysql.changes import alone, one_by_one

        return alone, one_by_one
    return nullcontext, lambda _, steps: steps


def differences(connection: Connection, metadata: MetaData) -> list[Any]:
    """Where the schema and the tables of the code (the service's and the kernel's) part; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    wanted = MetaData()
    for table in (*metadata.tables.values(), *tables.metadata.tables.values()):
        table.to_metadata(wanted)
    return list(compare_metadata(MigrationContext.configure(connection), wanted))
