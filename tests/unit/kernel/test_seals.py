import sqlite3
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, create_engine, insert, select

from services.kernel import seals
from services.kernel.inserts import upsert

metadata = MetaData()
letters = Table(
    "letters",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String, nullable=False, unique=True),
    Column("text", String),
    Column("kept", Boolean),
    Column("read", Integer),
    seals.seal("read"),
)
marks = Table("marks", metadata, Column("key", String, primary_key=True), Column("seq", Integer), seals.seal())


@pytest.fixture
def rows() -> Any:
    """Rows written by the store's ways, and read again after a change by hand."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)

    def written_then(change: str = "") -> list[bool]:
        with engine.begin() as connection:
            for row in ({"name": "a", "text": "x", "kept": True}, {"name": "b", "kept": False}):
                connection.execute(insert(letters), row)
            connection.execute(upsert(marks, "sqlite"), [{"key": "k", "seq": 1}])
            connection.execute(upsert(marks, "sqlite"), [{"key": "k", "seq": 2, "seal": seals.of(("k", 2))}])
            if change:
                connection.exec_driver_sql(change)
            found = [(table, row) for table in (letters, marks) for row in connection.execute(select(table)).mappings()]
            return [seals.holds(table, {**row}) for table, row in found]

    yield written_then
    engine.dispose()


def test_rows_are_as_they_were_written(rows: Any) -> None:
    assert rows() == [True, True, True]


@pytest.mark.parametrize(
    ("change", "sound"),
    [
        ("UPDATE letters SET text = 'y' WHERE name = 'a'", [False, True, True]),
        ("UPDATE letters SET text = 'y' WHERE name = 'b'", [True, False, True]),
        ("UPDATE letters SET kept = 1 WHERE name = 'b'", [True, False, True]),
        ("UPDATE letters SET seal = seal + 1 WHERE name = 'b'", [True, False, True]),
        ("UPDATE marks SET seq = 3", [True, True, False]),
    ],
)
def test_a_value_that_somebody_changed_breaks_its_rows_seal(rows: Any, change: str, sound: list[bool]) -> None:
    assert rows(change) == sound


def test_what_changes_later_and_what_the_database_numbers_is_not_sealed(rows: Any) -> None:
    assert seals.columns(letters) == ("name", "text", "kept")
    assert rows("UPDATE letters SET read = 1") == [True, True, True]
    assert seals.sealed(metadata) == [letters, marks]


def test_a_column_that_was_added_counts_where_there_is_something_in_it() -> None:
    def table(*more: Column[str], added: tuple[str, ...] = ()) -> Table:
        return Table("notes", MetaData(), Column("text", String), *more, seals.seal(added=added))

    before, after = table(), table(Column("reply", String), Column("mood", String), added=("reply", "mood"))
    old = {"text": "x", "seal": seals.of_row(before, {"text": "x"})}
    assert seals.holds(after, {**old, "reply": None, "mood": ""})
    assert not seals.holds(after, {**old, "reply": "y", "mood": None})
    told = {"text": "x", "reply": "y", "mood": None}
    assert seals.holds(after, {**told, "seal": seals.of_row(after, told)})
    assert seals.of_row(after, {**told, "reply": None, "mood": "y"}) != seals.of_row(after, told)


def test_a_row_without_a_seal_is_refused() -> None:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection, pytest.raises(sqlite3.IntegrityError):
        connection.connection.cursor().execute("INSERT INTO marks (key, seq) VALUES ('k', 1)")
    engine.dispose()
