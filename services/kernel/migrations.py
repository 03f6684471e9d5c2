"""A service's schema: Alembic revisions in services/NAME/migrations/versions, run by the kernel.

A revision's id is its file's name without .py, such as ``0001_first``; the files sort in their order. Each says
``mark = "expand"`` (the release before can live with it) or ``"contract"`` (it can't). Where releases follow each other
under load, what expands is run before the new one and what contracts once the old one is gone. A contract that was run
leaves its id in the table ``contracts``: by that an older release knows whether it can live with a newer schema.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, inspect, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from services.contracts.migrations import CONTRACT, late, marks, revisions
from services.kernel import tables
from services.kernel.database import Database

Alone = Callable[[Connection], AbstractContextManager[Any]]
OneByOne = Callable[[Connection, Iterable[Any]], Iterable[Any]]


CONTRACTS = "contracts"


class Phase(StrEnum):
    """Which of the missing revisions are run: those up to the first that contracts, all, or none but that they are."""

    EXPAND = "expand"
    ALL = "all"
    CHECK = "check"


class UnknownSchema(Exception):
    """The database was written by a release that this one cannot live with."""


class UnreadySchema(Exception):
    """The database is not yet as this release needs it."""


async def upgrade(database: Database, service: str, phase: Phase = Phase.ALL) -> None:
    """Bring a service's database up to date; one SELECT when it is."""
    await upgrade_from(database, folder_of(f"services.{service}"), phase)


async def upgrade_from(database: Database, folder: Path, phase: Phase = Phase.ALL) -> None:
    """Bring a database up to date with a folder of migrations, as far as the phase goes.

    UnknownSchema where a newer release has contracted it; UnreadySchema where something has to be run before.
    """
    known = revisions(folder)
    async with database.reading() as connection:
        at = await connection.run_sync(current)
        if at == known[-1]:
            return
        if at not in {None, *known}:
            if gone := set(await connection.run_sync(contracts)) - set(known):
                raise UnknownSchema(f"{database.url.database} is at {at}; this release cannot live with {sorted(gone)}")
            return
    target = known[-1] if phase is Phase.ALL else expanded(folder, at)
    if target is None or target == at:
        return
    if phase is Phase.CHECK:
        raise UnreadySchema(f"{database.url.database} is at {at or 'nothing'}; this release needs {target}")
    await database.change_schema(_upgrade, folder, target)


def folder_of(package: str) -> Path:
    """Where a package has its migrations."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise LookupError(f"{package} is no package")
    return Path(spec.submodule_search_locations[0]) / "migrations"


def expanded(folder: Path, at: str | None) -> str | None:
    """The last revision that can be run while the release before is there, which the first of all does not have.

    UnreadySchema where one that expands stands behind one that contracts.
    """
    known = marks(folder)
    if at is None:
        return list(known)[-1]
    missing = list(known.items())[list(known).index(at) + 1 :]
    first = next((place for place, (_, mark) in enumerate(missing) if mark == CONTRACT), len(missing))
    if behind := late(missing):
        raise UnreadySchema(
            f"{behind[0]} stands behind {missing[first][0]}, which waits for the release before to be gone: "
            f"deploy a release that ends with {missing[first][0]} first"
        )
    return missing[first - 1][0] if first else at


def contracts(connection: Connection) -> list[str]:
    """Those that were ever run."""
    if not inspect(connection).has_table(CONTRACTS):
        return []
    return list(connection.execute(text(f"SELECT revision FROM {CONTRACTS}")).scalars())  # noqa: S608 (a constant)


def current(connection: Connection) -> str | None:
    """The revision that a database is at; none for an empty one."""
    try:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    except (OperationalError, ProgrammingError):
        return None  # no such table


def _upgrade(connection: Connection, folder: Path, target: str) -> None:
    """Run those that are missing up to one: all in the connection's transaction, or alone where each is one of its own.

    Alembic is imported here: a database that is up to date does not need it.
    """
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(folder))
    alone, one_by_one = _manners(connection)

    def steps(revision: Any, _: MigrationContext) -> Iterable[Any]:
        return one_by_one(connection, _noted(connection, script._upgrade_revs(target, revision)))

    context = MigrationContext.configure(connection, opts={"script": script, "fn": steps})
    with alone(connection), Operations.context(context):
        context.run_migrations()


def _noted(connection: Connection, steps: Iterable[Any]) -> Iterable[Any]:
    """Alembic's steps; before one that contracts it is written down."""
    for step in steps:
        if step.revision.module.mark == CONTRACT:
            connection.execute(text(f"CREATE TABLE IF NOT EXISTS {CONTRACTS} (revision VARCHAR(32) PRIMARY KEY)"))
            connection.execute(text(f"DELETE FROM {CONTRACTS} WHERE revision = :id"), {"id": step.revision.revision})  # noqa: S608
            connection.execute(text(f"INSERT INTO {CONTRACTS} VALUES (:id)"), {"id": step.revision.revision})  # noqa: S608
        yield step


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
    ours = {"include_name": lambda name, kind, _: (kind, name) != ("table", CONTRACTS)}
    return list(compare_metadata(MigrationContext.configure(connection, opts=ours), wanted))
