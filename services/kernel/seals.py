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


def seal(*changing: str) -> Column[int]:
    """The column, over all others but those that change later or that the database numbers."""
    return Column(NAME, BigInteger(), nullable=False, default=_of_insert, info={CHANGING: frozenset(changing)})


def of(values: Iterable[object]) -> int:
    """The seal of values in the order of their columns."""
    return zlib.crc32("\x1f".join(map(str, values)).encode())


def holds(table: Table, row: Mapping[str, Any]) -> bool:
    """Whether a row is as it was written."""
    return bool(row[NAME] == of(row[name] for name in columns(table)))


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
    values = context.get_current_parameters()
    return of(values.get(name) for name in columns(context.compiled.statement.table))
