"""A service's tables as lines of JSON, and back: rows are texts that MySQL makes itself and takes as they are."""

import gzip
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import msgspec

from tradectl.errors import ExitCode, TradectlError

if TYPE_CHECKING:
    import pymysql

ROWS = 5_000
LETTERS = 1_000_000
"""What one statement holds at most."""
FEW = 1_000
"""Rows up to which they are deleted one by one: to make a table anew takes as long as thousands."""
PLAIN = frozenset({"bigint", "int", "smallint", "tinyint", "mediumint", "decimal"})
BYTES = frozenset({"blob", "tinyblob", "mediumblob", "longblob", "binary", "varbinary"})
REVISIONS = "alembic_version"
COUNTER = re.compile(r" AUTO_INCREMENT=\d+")


class Schema(msgspec.Struct, tag=True):
    """The first line: the revision that the tables are at, and by each name the statement that makes it."""

    revision: str | None
    tables: dict[str, str]


class Rows(msgspec.Struct, tag=True):
    """``values`` is what follows VALUES, or a part of it."""

    table: str
    values: str


LINE = msgspec.json.Decoder(Schema | Rows)


def dump(url: str, file: Path) -> None:
    """Write every table of a schema."""
    with connected(url) as connection, gzip.open(file, "wb", compresslevel=1) as out:
        schema = Schema(revision(connection), {name: _made(connection, name) for name in tables(connection)})
        out.write(msgspec.json.encode(schema) + b"\n")
        for name in schema.tables:
            for values in statements(_texts(connection, name)):
                out.write(msgspec.json.encode(Rows(name, values)) + b"\n")


def load(url: str, file: Path) -> None:
    """Have these tables with these rows, and no others: each statement for itself, so that a replica keeps pace."""
    with connected(url) as connection:
        for line in read(file):
            if isinstance(line, Schema):
                _prepare(connection, line)
            else:
                done(connection, f"INSERT INTO {quoted(line.table)} VALUES {line.values}")  # noqa: S608 (our own copy)


def _prepare(connection: "pymysql.Connection[Any]", schema: Schema) -> None:
    """Empty tables; those that are at the same revision need not be made anew."""
    if schema.revision is not None and revision(connection) == schema.revision:
        for name in schema.tables:
            _empty(connection, name)
        return
    drop(connection)
    for made in schema.tables.values():
        done(connection, made)


def empty(url: str) -> None:
    """No table is left."""
    with connected(url) as connection:
        drop(connection)


def await_replica(primary: str, replica: str, timeout: float) -> None:
    """Return when the replica has all that the primary has done."""
    with connected(primary) as connection:
        ((transactions,),) = asked(connection, "SELECT @@GLOBAL.gtid_executed")
    with connected(urlsplit(replica)._replace(path="").geturl()) as connection:  # it may have no schema yet
        ((late,),) = asked(connection, f"SELECT WAIT_FOR_EXECUTED_GTID_SET('{transactions}', {timeout:g})")
    if late:
        hint = "`tradectl ps` says whether it runs; `docker logs` of it says more"
        raise TradectlError(f"the replica does not follow the primary within {timeout:g} s", hint, ExitCode.TIMEOUT)


def read(file: Path) -> Iterator[Schema | Rows]:
    with gzip.open(file, "rb") as packed:
        for line in packed:
            yield LINE.decode(line)


def check(file: Path) -> None:
    """Read it whole: gzip knows whether it is what was written. OSError, EOFError or zlib.error when it is not."""
    with gzip.open(file, "rb") as packed:
        while packed.read(1 << 20):
            pass


def expression(columns: Iterable[tuple[str, str]]) -> str:
    """SQL for a row as text, by the names and types of its columns."""
    return f"CONCAT('(', CONCAT_WS(',', {', '.join(_literal(name, kind) for name, kind in columns)}), ')')"


def _literal(name: str, kind: str) -> str:
    column = quoted(name)
    if kind in PLAIN:
        return f"IFNULL({column}, 'NULL')"
    if kind in BYTES:
        return f"IFNULL(CONCAT('x''', HEX({column}), ''''), 'NULL')"
    return f"QUOTE({column})"


def statements(rows: Iterable[str]) -> Iterator[str]:
    """Rows together, as many as one statement takes."""
    taken: list[str] = []
    letters = 0
    for row in rows:
        if taken and (len(taken) == ROWS or letters + len(row) > LETTERS):
            yield ",".join(taken)
            taken, letters = [], 0
        taken.append(row)
        letters += len(row)
    if taken:
        yield ",".join(taken)


def quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"


def tables(connection: "pymysql.Connection[Any]") -> list[str]:
    return sorted(str(name) for (name,) in asked(connection, "SHOW TABLES"))


def _made(connection: "pymysql.Connection[Any]", name: str) -> str:
    ((_, made),) = asked(connection, f"SHOW CREATE TABLE {quoted(name)}")
    return COUNTER.sub("", str(made))


def revision(connection: "pymysql.Connection[Any]") -> str | None:
    """What the schema is at; None of one that nobody has made, or not to its end."""
    if REVISIONS not in tables(connection):
        return None
    return ",".join(_texts(connection, REVISIONS)) or None


def drop(connection: "pymysql.Connection[Any]") -> None:
    for name in tables(connection):
        done(connection, f"DROP TABLE {quoted(name)}")


def _empty(connection: "pymysql.Connection[Any]", name: str) -> None:
    table = quoted(name)
    some = f"SELECT 1 FROM {table} LIMIT {FEW + 1}"  # noqa: S608 (names of our own tables)
    if count := len(asked(connection, some)):
        done(connection, f"DELETE FROM {table}" if count <= FEW else f"TRUNCATE {table}")  # noqa: S608


def _texts(connection: "pymysql.Connection[Any]", table: str) -> Iterator[str]:
    """A table's rows in the order of its key, without all of them in memory."""
    from pymysql.cursors import SSCursor

    columns = asked(
        connection,
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = DATABASE() AND table_name = %s ORDER BY ordinal_position",
        table,
    )
    with connection.cursor(SSCursor) as cursor:
        cursor.execute(f"SELECT {expression(columns)} FROM {quoted(table)}")  # noqa: S608 (names of our own tables)
        yield from (text for (text,) in cursor)


def asked(connection: "pymysql.Connection[Any]", question: str, *values: str) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, values or None)
        return list(cursor.fetchall())


def done(connection: "pymysql.Connection[Any]", statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def connected(url: str) -> "Iterator[pymysql.Connection[Any]]":
    """A connection as the service whose URL it is; MySQL's errors are the tool's."""
    import pymysql

    parts = urlsplit(url)
    try:
        connection = pymysql.connect(
            host=parts.hostname,
            port=parts.port or 3306,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            database=unquote(parts.path[1:]) or None,
            autocommit=True,
            connect_timeout=5,
            read_timeout=600,
            write_timeout=600,
        )
        try:
            yield connection
        finally:
            connection.close()
    except pymysql.err.MySQLError as error:
        said = f"MySQL at {parts.hostname}:{parts.port}, {parts.path[1:]}: {error.args[-1]}"
        raise TradectlError(said, "`tradectl ps` says whether it runs") from error
