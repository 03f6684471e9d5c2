"""Seals: a row of a table that nobody else has a copy of ends with the CRC of its values, so that the audit sees

a value that somebody changed in the file. They are no secret and no signature: they show accidents, not attackers.
"""

import zlib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Column, MetaData, Table

NAME = "seal"
CHANGING = "changing"
ADDED = "added"


def seal(*changing: str, added: Iterable[str] = ()) -> Column[int]:
    """The column, over all others but those that change later or that the database numbers.

    ``added`` are columns that the table has not always had: one in which there is nothing does not count, so that rows
    which were written before it was there keep their seal.
    """
    info = {CHANGING: frozenset(changing), ADDED: frozenset(added)}
    return Column(NAME, BigInteger(), nullable=False, default=_of_insert, info=info)


def of(values: Iterable[object]) -> int:
    """The seal of values in the order of their columns."""
    return zlib.crc32("\x1f".join(map(str, values)).encode())


def holds(table: Table, row: Mapping[str, Any]) -> bool:
    """Whether a row is as it was written."""
    return bool(row[NAME] == of_row(table, row))


def of_row(table: Table, row: Mapping[str, Any]) -> int:
    """The seal of a row by its columns' names; one that it does not name has no value."""
    added = table.columns[NAME].info[ADDED]
    values = [row.get(name) for name in columns(table) if name not in added]
    return of([*values, *(f"{name}={row[name]}" for name in columns(table) if name in added and row.get(name))])


def sealed(metadata: MetaData) -> list[Table]:
    """The tables that have seals."""
    return [table for table in metadata.sorted_tables if NAME in table.columns]


@cache
def columns(table: Table) -> tuple[str, ...]:
    """What the seal of a table is over."""
    left_out = table.columns[NAME].info[CHANGING] | {NAME}
    return tuple(
        column.name
        for column in table.columns
        if column.name not in left_out and column is not table.autoincrement_column
    )


def _of_insert(context: Any) -> int:
    """Where the statement gives none. Hot tables give it: this way round costs ten times as much."""
    return of_row(context.compiled.statement.table, context.get_current_parameters())
