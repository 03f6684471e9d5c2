"""A sandbox's servers when they are disturbed: dead, standing still, emptied, locked or closed to writers."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from services.contracts.faults import Fault
from tradectl.stack.containers import addresses, answers, engine, passwords
from tradectl.stack.containers.owner import ROLE, Role, filters
from tradectl.stack.containers.replication import root
from tradectl.stack.state import Sandbox

if TYPE_CHECKING:
    import pymysql
    from docker.models.containers import Container


def broken(sandbox: Sandbox, fault: Fault) -> AbstractContextManager[None]:
    """What a fault does to a server, for as long as the context lasts."""
    told = fault.parameters
    match fault.kind:
        case "server.kill":
            return _killed(_container(sandbox, str(told["server"])))
        case "server.pause":
            return _paused(_container(sandbox, str(told["server"])))
        case "cache.flush":
            return _flushed(sandbox)
        case "database.lock":
            return _locked(sandbox, str(told["service"]))
        case "database.read_only":
            return _read_only(sandbox)
    raise ValueError(f"{fault.kind} is no fault of a server")


@contextmanager
def _killed(container: "Container") -> Iterator[None]:
    """As by the machine's out-of-memory killer; started again at the end."""
    if _state(container) == "running":
        container.kill()
    try:
        yield
    finally:
        if _state(container) != "running":
            container.start()


@contextmanager
def _paused(container: "Container") -> Iterator[None]:
    if _state(container) == "running":
        container.pause()
    try:
        yield
    finally:
        if _state(container) == "paused":
            container.unpause()


@contextmanager
def _flushed(sandbox: Sandbox) -> Iterator[None]:
    """Once, at the begin."""
    secrets, ports = _opened(sandbox)
    answers.exchange(ports["redis.redis"], f"AUTH {secrets.redis}\r\nFLUSHALL\r\n".encode())
    yield


@contextmanager
def _locked(sandbox: Sandbox, service: str) -> Iterator[None]:
    """Every table of a service's schema is locked by a connection that goes with this process."""
    with _as_root(sandbox) as connection, connection.cursor() as cursor:
        cursor.execute(f"SHOW FULL TABLES IN `{service}` WHERE Table_type = 'BASE TABLE'")
        tables = ", ".join(f"`{service}`.`{row[0]}` WRITE" for row in cursor.fetchall())
        cursor.execute(f"LOCK TABLES {tables}")
        try:
            yield
        finally:
            cursor.execute("UNLOCK TABLES")


@contextmanager
def _read_only(sandbox: Sandbox) -> Iterator[None]:
    """The primary refuses writers; one that is started anew does not."""
    with _as_root(sandbox) as connection, connection.cursor() as cursor:
        cursor.execute("SET GLOBAL super_read_only = ON")
        try:
            yield
        finally:
            cursor.execute("SET GLOBAL super_read_only = OFF")
            cursor.execute("SET GLOBAL read_only = OFF")


def _as_root(sandbox: Sandbox) -> "pymysql.Connection[Any]":
    secrets, ports = _opened(sandbox)
    return root(ports["primary.mysql"], secrets.root)


def _opened(sandbox: Sandbox) -> tuple[passwords.Passwords, Mapping[str, int]]:
    return passwords.passwords(sandbox), addresses.given(sandbox)


def _container(sandbox: Sandbox, role: Role | str) -> "Container":
    """The container of this role."""
    with engine.explained(f"find {role}"):
        labels = [*filters(sandbox)["label"], f"{ROLE}={role}"]
        found: Container = engine.connect().containers.list(all=True, filters={"label": labels})[0]
        return found


def _state(container: "Container") -> str:
    container.reload()
    return str(container.status)
