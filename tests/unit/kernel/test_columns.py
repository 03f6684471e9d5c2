"""Column types as each database is told to make them."""

from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.schema import CreateTable

from services.kernel.tables import idempotency, metadata, outbox

SQLITE = sqlite.dialect()
MYSQL = mysql.dialect()


def test_mysql_compares_keys_byte_by_byte() -> None:
    ddl = str(CreateTable(idempotency).compile(dialect=MYSQL))
    assert "account VARCHAR(64) COLLATE utf8mb4_0900_bin NOT NULL" in ddl
    assert "result MEDIUMBLOB" in ddl


def test_both_count_rows_themselves() -> None:
    assert "id BIGINT NOT NULL AUTO_INCREMENT" in str(CreateTable(outbox).compile(dialect=MYSQL))
    assert "id INTEGER NOT NULL" in str(CreateTable(outbox).compile(dialect=SQLITE))


def test_every_table_of_the_kernel_can_be_made_on_both() -> None:
    for table in metadata.sorted_tables:
        assert CreateTable(table).compile(dialect=MYSQL)
        assert CreateTable(table).compile(dialect=SQLITE)
