"""Inserts are spelled for each database."""

from sqlalchemy import Insert
from sqlalchemy.dialects import mysql, sqlite

from services.kernel.inserts import new_only, upsert
from services.kernel.tables import inbox_streams, streams


def on_sqlite(statement: Insert) -> str:
    return str(statement.compile(dialect=sqlite.dialect()))


def on_mysql(statement: Insert) -> str:
    return str(statement.compile(dialect=mysql.dialect()))


def test_a_row_that_is_there_is_left_alone() -> None:
    assert on_sqlite(new_only(streams, "sqlite")).endswith("ON CONFLICT DO NOTHING")
    assert on_mysql(new_only(streams, "mysql")).endswith("ON DUPLICATE KEY UPDATE `key` = streams.`key`")


def test_a_row_that_is_there_gets_all_but_its_key() -> None:
    sqlite_text = on_sqlite(upsert(inbox_streams, "sqlite"))
    assert "ON CONFLICT (consumer, stream) DO UPDATE" in sqlite_text
    assert sqlite_text.endswith("SET seq = excluded.seq, waiting = excluded.waiting, seal = excluded.seal")
    mysql_text = on_mysql(upsert(inbox_streams, "mysql"))
    assert "ON DUPLICATE KEY UPDATE seq = VALUES(seq), waiting = VALUES(waiting), seal = VALUES(seal)" in mysql_text
