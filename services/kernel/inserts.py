"""Inserts that know what to do with a row that is there already, on SQLite and MySQL."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Dialect, Insert, Table, insert
from sqlalchemy.exc import IntegrityError

from services.kernel.connections import LATE, Terms
from services.kernel.uow import UnitOfWork

DUPLICATE = 1062
"""MySQL's code for a key that is there."""


async def insert_if_new(uow: UnitOfWork, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless one with a key of its own is there; whether it was inserted."""
    if uow.connection.dialect.name == "sqlite":
        return (await uow.execute(new_only(table, "sqlite"), values)).rowcount == 1
    # A row that was there counts as one too where UPDATEs count the rows that they match.
    try:
        await uow.execute(insert(table), values)
    except IntegrityError as error:
        if not is_duplicate(error):
            raise
        return False
    return True


def is_duplicate(error: IntegrityError) -> bool:
    """Whether a row with the same key is there."""
    return bool(error.orig and error.orig.args[0] == DUPLICATE)


async def insert_rows(uow: UnitOfWork, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert whole rows, their values in the order of the columns; the database numbers those whose id is None.

    They go to the driver as they are: a dictionary a row and SQLAlchemy's work on it cost five times the insert.
    """
    if rows:
        text = _positional(table, uow.connection.dialect, keep=False)
        await uow.connection.exec_driver_sql(text, list(rows), {LATE: Terms()})


async def insert_new_rows(uow: UnitOfWork, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert whole rows as ``insert_rows`` does, but those whose key is there."""
    if rows:
        text = _positional(table, uow.connection.dialect, keep=True)
        await uow.connection.exec_driver_sql(text, list(rows))


async def mark(uow: UnitOfWork, table: Table, known: list[dict[str, Any]], new: list[dict[str, Any]]) -> None:
    """Write rows that this transaction has read and locked, and rows that were not there when it looked.

    A row that is not there cannot be locked: when another transaction has made it meanwhile, this one begins anew.
    """
    if known:
        await uow.later(upsert(table, uow.connection.dialect.name), known)
    if new:
        await uow.later(insert(table), new, Terms(rivals=True))


@cache
def _positional(table: Table, dialect: Dialect, *, keep: bool) -> str:
    statement = new_only(table, dialect.name) if keep else insert(table)
    return str(statement.compile(dialect=dialect, column_keys=table.columns.keys()))


@cache
def new_only(table: Table, dialect: str) -> Insert:
    """INSERT that leaves a row with the same key alone."""
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as sqlite_insert

        return sqlite_insert(table).on_conflict_do_nothing()
    # INSERT IGNORE would also swallow values that do not fit.
    from sqlalchemy.dialects.mysql import insert as mysql_insert

    key = next(iter(table.primary_key))
    return mysql_insert(table).on_duplicate_key_update({key.name: key})


@cache
def upsert(table: Table, dialect: str) -> Insert:
    """INSERT that replaces all but the primary key of a row that is there."""
    keys = {column.name for column in table.primary_key}
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as sqlite_insert

        new = sqlite_insert(table)
        changes = {column.name: new.excluded[column.name] for column in table.columns if column.name not in keys}
        return new.on_conflict_do_update(index_elements=list(table.primary_key), set_=changes)
    from sqlalchemy.dialects.mysql import insert as mysql_insert

    row = mysql_insert(table)
    return row.on_duplicate_key_update(
        {column.name: row.inserted[column.name] for column in table.columns if column.name not in keys}
    )
