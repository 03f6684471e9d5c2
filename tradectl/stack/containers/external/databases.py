"""A schema and a user for each service on a MySQL that is not ours."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.containers import mysql
from tradectl.stack.containers.external.given import Address
from tradectl.stack.containers.passwords import Passwords

if TYPE_CHECKING:
    import pymysql

SCHEME = "mysql+asyncmy"
PATIENCE = 5
OLDEST = 8
REFUSED = frozenset({1044, 1045, 1142, 1227, 1410})
"""What MySQL says to a user who may not."""


def schema(life: str, service: str) -> str:
    """Nobody else's: it bears the sandbox's life."""
    return f"tradectl_{life}_{service}"


def user(life: str, service: str) -> str:
    """The same, shorter: MySQL has 32 letters for it."""
    return f"t_{life}_{service}"


def provide(server: Address, services: Sequence[str], secrets: Passwords) -> dict[str, Address]:
    """Each service's schema, as a user of its own where we may make one, else as ours."""
    with statements(server) as run:
        _check_version(server, run)
        return {service: _provided(server, run, service, secrets) for service in services}


def _provided(server: Address, run: "Statements", service: str, secrets: Passwords) -> Address:
    name, login = schema(secrets.life, service), user(secrets.life, service)
    create, *grants = mysql.service(name, login, secrets.services[service])
    if not run.allowed(create) and not run.value(
        "SELECT 1 FROM information_schema.schemata WHERE schema_name = %s", name
    ):
        hint = f"have an administrator do it, and let `{server.user}` use it: {create}"
        raise TradectlError(f"{server.user} may not make schemas on {server}", hint)
    if all(run.allowed(grant) for grant in grants):
        return replace(server, user=login, password=secrets.services[service], path=name)
    run.allowed(f"DROP USER IF EXISTS '{login}'@'%'")
    return replace(server, path=name)


def remove(server: Address, services: Sequence[str], life: str) -> list[str]:
    """What of it could not be removed."""
    with statements(server) as run:
        left = [
            name
            for name in (schema(life, each) for each in services)
            if not run.allowed(f"DROP DATABASE IF EXISTS `{name}`")
        ]
        for service in services:
            run.allowed(f"DROP USER IF EXISTS '{user(life, service)}'@'%'")
    return [f"schema {name} on {server}" for name in left]


def answers(server: Address) -> bool:
    """Whether this user is let in, and to its schema: on a replica that has it only later."""
    import pymysql

    with suppress(pymysql.err.MySQLError):
        connect(server).close()
        return True
    return False


def _check_version(server: Address, run: "Statements") -> None:
    version = str(run.value("SELECT @@version"))
    if "mariadb" in version.lower() or int(version.split(".", maxsplit=1)[0]) < OLDEST:
        raise TradectlError(f"{server} is {version}", f"Percona Server or MySQL from {OLDEST}.0 on is needed")


class Statements:
    """One connection's."""

    def __init__(self, connection: "pymysql.Connection[Any]") -> None:
        self._connection = connection

    def allowed(self, statement: str) -> bool:
        """Run it; False when we may not."""
        import pymysql

        try:
            with self._connection.cursor() as cursor:
                cursor.execute(statement)
        except pymysql.err.MySQLError as error:
            if error.args[0] in REFUSED:
                return False
            raise TradectlError(
                f"MySQL would not: {error.args[-1]}", f"the statement was: {statement.split(' BY ', maxsplit=1)[0]}"
            ) from error
        return True

    def value(self, question: str, *values: str) -> Any:
        with self._connection.cursor() as cursor:
            cursor.execute(question, values)
            row = cursor.fetchone()
            return row and row[0]


@contextmanager
def statements(server: Address) -> Iterator[Statements]:
    """Its errors are the tool's."""
    import pymysql

    try:
        connection = connect(replace(server, path=""))
    except pymysql.err.MySQLError as error:
        said: Mapping[int, str] = {1045: f"{server} does not let {server.user} in"}
        message = said.get(error.args[0], f"no MySQL answers at {server}: {error.args[-1]}")
        raise TradectlError(message, "check TRADECTL_EXTERNAL_MYSQL", ExitCode.START_FAILED) from error
    try:
        yield Statements(connection)
    finally:
        connection.close()


def connect(server: Address) -> "pymysql.Connection[Any]":
    import pymysql

    return pymysql.connect(
        host=server.host,
        port=server.port,
        user=server.user,
        password=server.password,
        database=server.path or None,
        autocommit=True,
        connect_timeout=PATIENCE,
        read_timeout=60,
    )
