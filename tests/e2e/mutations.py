"""Values in the files of a running platform, changed by hand and put back."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Value = Any
CHOSEN = {
    "market_data.candles": "historical = 0 AND interval = '1m' AND start = "
    "(SELECT max(start) FROM candles WHERE interval = '1m')",
}
"""Which rows of a table the test is about, if not all: bars of which the tape has every trade."""


@dataclass(frozen=True)
class Table:
    """``key`` are the columns that name a row."""

    file: Path
    service: str
    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def place(self) -> str:
        """As the audit calls it."""
        return f"{self.service}.{self.name}"

    def last(self) -> dict[str, Value] | None:
        """The last row by its key; None when there is none."""
        order = ", ".join(f'"{column}" DESC' for column in self.key)
        where = CHOSEN.get(self.place, "1 = 1")
        with closing(sqlite3.connect(self.file)) as connection:
            row = connection.execute(f"SELECT * FROM {self.name} WHERE {where} ORDER BY {order} LIMIT 1").fetchone()
        return None if row is None else dict(zip(self.columns, row, strict=True))

    @contextmanager
    def changed(self, row: dict[str, Value], column: str) -> Iterator[None]:
        """With another value in one column of one row."""
        other = {**row, column: another(row[column])}
        self._write(row, other)
        try:
            yield
        finally:
            self._write(other, row)

    @contextmanager
    def with_a_row(self) -> Iterator[None]:
        """With a row that no service wrote."""
        with closing(sqlite3.connect(self.file, timeout=5)) as connection, connection:
            kinds = {name: kind for _, name, kind, *_ in connection.execute(f"PRAGMA table_info({self.name})")}
            row = {name: "nobody" if "CHAR" in kind else 1 for name, kind in kinds.items()}
            marks = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO {self.name} VALUES ({marks})", list(row.values()))
        try:
            yield
        finally:
            self._run(f"DELETE FROM {self.name} WHERE {self._named()}", [row[column] for column in self.key])

    def _write(self, before: dict[str, Value], after: dict[str, Value]) -> None:
        places = ", ".join(f'"{column}" = ?' for column in self.columns)
        values = [after[column] for column in self.columns] + [before[column] for column in self.key]
        self._run(f"UPDATE {self.name} SET {places} WHERE {self._named()}", values)

    def _named(self) -> str:
        return " AND ".join(f'"{column}" = ?' for column in self.key)

    def _run(self, statement: str, values: Sequence[Value]) -> None:
        with closing(sqlite3.connect(self.file, timeout=5)) as connection, connection:
            done = connection.execute(statement, values)
            assert done.rowcount == 1, f"{statement} changed {done.rowcount} rows"


def tables(file: Path, service: str) -> list[Table]:
    """Every table of a database file, as the file itself says."""
    with closing(sqlite3.connect(file)) as connection:
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        found = []
        for (name,) in names.fetchall():
            columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
            key = sorted((place, column) for _, column, _, _, _, place in columns if place)
            found.append(Table(file, service, name, tuple(c[1] for c in columns), tuple(column for _, column in key)))
    return found


def another(value: Value) -> Value:
    """A value of the same kind, near enough to pass unnoticed."""
    match value:
        case bool() | None:
            return 1
        case int() | float():
            return value + 1
        case str():
            return f"{value[:-1]}~"
        case bytes():
            return value[: len(value) // 2] + bytes([value[len(value) // 2] ^ 1]) + value[len(value) // 2 + 1 :]
    raise TypeError(f"no other value of {value!r} is known")
