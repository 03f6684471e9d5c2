"""A real MySQL with the schema of one service, for backups by its address."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from tests import containers
from tradectl.backup.programs import Login
from tradectl.probes.eventually import eventually

TABLES = (
    "CREATE DATABASE orders",
    "CREATE TABLE orders.t (n INT PRIMARY KEY, b LONGBLOB)",
    "CREATE TABLE orders.outbox (id BIGINT PRIMARY KEY, envelope TEXT)",
)


class Primary:
    """A MySQL with the schema of one service."""

    def __init__(self, server: containers.Server) -> None:
        self._server = server
        self.login = Login("127.0.0.1", "root", containers.PASSWORD, server.port(3306))

    def run(self, *statements: str) -> Sequence[Sequence[Any]]:
        """Each by itself; the rows of the last one."""
        with containers.root(self._server) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall())

    def fill(self) -> None:
        """Make the schema, with a first row."""
        self.run(*TABLES)
        self.write(1)

    def write(self, number: int, size: int = 10) -> None:
        with containers.root(self._server) as connection, connection.cursor() as cursor:
            cursor.execute("INSERT INTO orders.t VALUES (%s, %s)", (number, secrets.token_bytes(size)))

    def emit(self, number: int) -> None:
        """An event that is confirmed at once, and so lies in no outbox."""
        self.run(f"INSERT INTO orders.outbox VALUES ({number}, 'event {number}')", "DELETE FROM orders.outbox")

    @property
    def numbers(self) -> list[int]:
        return [number for (number,) in self.run("SELECT n FROM orders.t ORDER BY n")]

    @property
    def waiting(self) -> list[int]:
        return [number for (number,) in self.run("SELECT id FROM orders.outbox ORDER BY id")]

    @property
    def log(self) -> dict[str, int]:
        """Its binary logs and how long each is."""
        return {str(name): int(size) for name, size, *_ in self.run("SHOW BINARY LOGS")}

    def bytes_of(self, name: str) -> bytes:
        """A binary log as the server has it."""
        said = self._server.container.exec_run(["cat", f"/var/lib/mysql/{name}"])
        assert said.exit_code == 0, said.output
        return cast(bytes, said.output)

    def lose(self) -> None:
        """All that it had, and that it ever had it."""
        self.run("DROP DATABASE IF EXISTS orders", "RESET BINARY LOGS AND GTIDS")


@contextmanager
def started() -> Iterator[Primary]:
    """For as long as it is needed."""
    containers.need("mysql")
    server = containers.start(
        "mysql",
        "--gtid-mode=ON",
        "--enforce-gtid-consistency=ON",
        "--max-allowed-packet=64M",
        inside=(3306,),
        environment={"MYSQL_ROOT_PASSWORD": containers.PASSWORD},
        tmpfs={"/var/lib/mysql": ""},
    )
    eventually(lambda: containers.answers(server) or None, containers.START, what="a MySQL server that answers")
    yield Primary(server)
    server.container.remove(force=True, v=True)
    containers.STARTED.remove(server)
