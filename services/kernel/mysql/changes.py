"""Changes of a schema, which the server commits one by one: by one process at a time, taken up where one has ended.

While a revision is run a table stands for it. Who finds that table runs the revision again and passes over statements
that the server says were done before: each of them was done wholly or not at all. A revision's statements must bear to
be run again; one that moves data asks for what is not moved yet.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from services.kernel.mysql.driver import ServerConnection

PATIENCE = 600
"""Seconds that a process waits for another one's changes."""
DONE = frozenset({1050, 1051, 1060, 1061, 1091, 1826, 3821, 3822})
"""Codes: the table, column, index or constraint is there already, or is gone already."""
LOCK = text("SELECT GET_LOCK(:name, :seconds)")
UNDER_WAY = text(
    "SELECT table_comment FROM information_schema.tables "
    "WHERE table_schema = DATABASE() AND table_name = 'revision_under_way'"
)
BEGIN = "CREATE TABLE revision_under_way (nothing INT PRIMARY KEY) COMMENT '{revision}'"
END = text("DROP TABLE IF EXISTS revision_under_way")


class UnfinishedSchema(Exception):
    """A revision was interrupted once, and what it does cannot be done again."""


@contextmanager
def alone(connection: Connection) -> Iterator[None]:
    """While no other process changes this schema; the lock goes with the connection, after its commit."""
    schema = str(connection.engine.url.database)
    if not connection.execute(LOCK, {"name": f"schema {schema}"[:64], "seconds": PATIENCE}).scalar_one():
        raise TimeoutError(f"another process has been changing the schema {schema} for {PATIENCE} s")
    interrupted = under_way(connection)
    try:
        yield
    except DBAPIError as error:
        if interrupted is None or error.connection_invalidated or under_way(connection) != interrupted:
            raise
        raise UnfinishedSchema(
            f"the revision {interrupted} of the schema {schema} was interrupted and cannot be taken up: {error.orig}. "
            "Do by hand what is left of it, write its name to alembic_version and drop the table revision_under_way; "
            "or restore the schema from before"
        ) from error


def one_by_one(connection: Connection, steps: Iterable[Any]) -> Iterator[Any]:
    """Alembic's steps; when the next one is asked for, the one before is done and its version written."""
    server = cast("ServerConnection", connection.connection.dbapi_connection)
    for step in steps:
        revision = step.revision.revision
        taken_up = under_way(connection) == revision
        if not taken_up:
            connection.execute(END)
            connection.execute(text(BEGIN.format(revision=revision)))
        server.passes_over = DONE if taken_up else frozenset()
        yield step
        server.passes_over = frozenset()
        connection.execute(END)  # which commits the version before


def under_way(connection: Connection) -> str | None:
    """The revision that a process was at when it ended, if one has."""
    return connection.execute(UNDER_WAY).scalar_one_or_none()
