"""Real servers for tests: a container of each kind a worker, started when first asked for, gone with the test run.

Where the run has started some for all of its workers (``share``), these are found by the environment.

Images are those of TRADECTL_IMAGE_PERCONA, _RABBITMQ and _REDIS, else the official ones where they are on this machine:
a test pulls nothing. Where no engine answers, or an image is missing, tests are skipped and say why; with
TRADECTL_REQUIRE_ENGINE=1, as CI has it, they fail.
"""

import json
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import docker
import httpx
import pymysql
import pytest
from docker.errors import APIError, DockerException, ImageNotFound
from docker.models.containers import Container

from tradectl.probes.eventually import eventually
from tradectl.stack.containers.engine import knock

WORKER = "tradectl.tests"
"""Label of every container, with the process id of the worker that started it."""
IMAGES = {
    "mysql": ("TRADECTL_IMAGE_PERCONA", "percona/percona-server:8.4"),
    "rabbitmq": ("TRADECTL_IMAGE_RABBITMQ", "rabbitmq:4-management"),
    "redis": ("TRADECTL_IMAGE_REDIS", "redis:8"),
}
SHARED = "TRADECTL_TEST_SERVERS"
"""Variable with the ids of containers that all workers share, by kind, and the password."""
PASSWORD = json.loads(os.environ.get(SHARED, "{}")).get("password") or secrets.token_urlsafe(16)
START = 120.0
"""Seconds for a server to answer."""


@dataclass(frozen=True)
class Server:
    """A container and where its ports are on this machine."""

    container: Container

    def port(self, inside: int) -> int:
        """The port of this machine for one of the container's; a restart may change it."""
        self.container.reload()
        bindings = self.container.ports[f"{inside}/tcp"] or []
        return int(bindings[0]["HostPort"])


STARTED: list[Server] = []


def image(kind: str) -> str:
    variable, official = IMAGES[kind]
    return os.environ.get(variable, official)


@cache
def missing(kind: str) -> str | None:
    """Why there can be no server of this kind here; None when there can."""
    try:
        knock()
        docker.from_env().images.get(image(kind))
    except ImageNotFound:
        return f"the image {image(kind)} is not on this machine"
    except (DockerException, OSError) as error:
        return f"no Docker engine answers: {error}"
    return None


def missing_any() -> str | None:
    """Why there cannot be a server of each kind here; None when there can."""
    return next(filter(None, map(missing, IMAGES)), None)


def required() -> bool:
    """Whether a test may not do without."""
    return bool(os.environ.get("TRADECTL_REQUIRE_ENGINE"))


def need(kind: str) -> None:
    """Skip, or fail where an engine is required, when there can be no server of this kind."""
    why = missing(kind)
    if why is None:
        return
    if required():
        pytest.fail(f"{why}, and TRADECTL_REQUIRE_ENGINE is set")
    pytest.skip(f"needs a real {kind}: {why}")


def remove_mine() -> None:
    """Remove what this worker has started."""
    for server in STARTED:
        server.container.remove(force=True, v=True)
    STARTED.clear()


def remove_left() -> None:
    """Remove what a worker that was killed has left."""
    for container in docker.from_env().containers.list(all=True, filters={"label": WORKER}):
        if not Path(f"/proc/{container.labels[WORKER]}").exists():
            with suppress(APIError):  # another worker was first
                container.remove(force=True, v=True)


def share(*kinds: Callable[[], Server]) -> None:
    """Start servers side by side, for all workers that are started after this."""
    with ThreadPoolExecutor() as threads:
        servers = list(threads.map(lambda kind: kind(), kinds))
    ids = {kind.__name__: server.container.id for kind, server in zip(kinds, servers, strict=True)}
    os.environ[SHARED] = json.dumps({**ids, "password": PASSWORD})


def shared(kind: str) -> Server | None:
    """The server that the run has started for all workers, if it has."""
    found = json.loads(os.environ.get(SHARED, "{}")).get(kind)
    return Server(docker.from_env().containers.get(found)) if found else None


def start(kind: str, *command: str, inside: tuple[int, ...], stays: bool = False, **options: Any) -> Server:
    """A container with its ports on loopback, which does not answer yet; ``stays``: on the same ones when restarted."""
    ports = {f"{port}/tcp": ("127.0.0.1", free_port() if stays else None) for port in inside}
    remove_left()
    made = docker.from_env().containers.run(
        image(kind),
        list(command) or None,
        detach=True,
        ports=cast(Any, ports),
        labels={WORKER: str(os.getpid())},
        **options,
    )
    STARTED.append(Server(made))
    return STARTED[-1]


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@cache
def mysql() -> Server:
    """A primary of one: binary log and GTIDs as in a sandbox."""
    if server := shared("mysql"):
        return server
    server = start(
        "mysql",
        "--gtid-mode=ON",
        "--enforce-gtid-consistency=ON",
        inside=(3306,),
        environment={"MYSQL_ROOT_PASSWORD": PASSWORD},
        tmpfs={"/var/lib/mysql": ""},
    )
    eventually(lambda: answers(server) or None, START, what="a MySQL server that answers")
    return server


@cache
def replica() -> Server:
    """A read-only server that follows this worker's primary; the test that stops it starts it again."""
    primary = mysql()
    server = start(
        "mysql",
        f"--server-id={secrets.randbelow(10**9) + 2}",
        "--gtid-mode=ON",
        "--enforce-gtid-consistency=ON",
        "--skip-log-bin",
        inside=(3306,),
        stays=True,
        environment={"MYSQL_ROOT_PASSWORD": PASSWORD},
        tmpfs={"/var/lib/mysql": ""},
    )
    eventually(lambda: answers(server) or None, START, what="a MySQL server that answers")
    primary.container.reload()
    address = primary.container.attrs["NetworkSettings"]["Networks"]["bridge"]["IPAddress"]
    source = f"SOURCE_HOST='{address}', SOURCE_USER='root', SOURCE_PASSWORD='{PASSWORD}', SOURCE_SSL=1"
    with root(server) as connection, connection.cursor() as cursor:
        cursor.execute(f"CHANGE REPLICATION SOURCE TO {source}, SOURCE_AUTO_POSITION=1")
        cursor.execute("START REPLICA")
        cursor.execute("SET GLOBAL super_read_only = ON")
    return server


def on_replica(url: str) -> str:
    """The same schema there."""
    return url.replace(f":{mysql().port(3306)}/", f":{replica().port(3306)}/")


def answers(server: Server) -> bool:
    """Whether the server takes root's statements over TCP."""
    try:
        root(server).close()
    except pymysql.MySQLError:
        return False
    return True


def root(server: Server) -> "pymysql.Connection[Any]":
    return pymysql.connect(
        host="127.0.0.1", port=server.port(3306), user="root", password=PASSWORD, autocommit=True, connect_timeout=2
    )


@cache
def rabbitmq() -> Server:
    """A broker with its management API."""
    return shared("rabbitmq") or new_rabbitmq()


def new_rabbitmq(*, stays: bool = False) -> Server:
    """A broker of the caller's own."""
    environment = {"RABBITMQ_DEFAULT_USER": "tests", "RABBITMQ_DEFAULT_PASS": PASSWORD}
    server = start("rabbitmq", inside=(5672, 15672), stays=stays, environment=environment, hostname="rabbitmq")
    eventually(lambda: management_answers(server) or None, START, what="a RabbitMQ broker that answers")
    return server


def management(server: Server) -> httpx.Client:
    """RabbitMQ's management API."""
    address = f"http://127.0.0.1:{server.port(15672)}/api"
    return httpx.Client(base_url=address, auth=("tests", PASSWORD), trust_env=False, timeout=10)


def management_answers(server: Server) -> bool:
    try:
        with management(server) as client:
            return client.get("/health/checks/virtual-hosts").status_code == 200
    except httpx.HTTPError:
        return False


@cache
def redis() -> Server:
    """A cache that keeps nothing on disk."""
    return new_redis()


def new_redis(*command: str, password: str | None = None, stays: bool = False) -> Server:
    """A cache of the caller's own."""
    server = start("redis", *command, inside=(6379,), stays=stays)
    eventually(lambda: _pongs(server, password) or None, START, what="a Redis that answers")
    return server


def _pongs(server: Server, password: str | None) -> bool:
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        with Redis(port=server.port(6379), password=password) as client:
            return bool(client.ping())
    except RedisError:
        return False


@contextmanager
def schema() -> Iterator[str]:
    """An empty schema of a test's own; its URL for the kernel's Database."""
    url = create_schema()
    try:
        yield url
    finally:
        drop_schema(url)


def create_schema() -> str:
    """An empty schema; its URL."""
    need("mysql")
    name = f"t_{secrets.token_hex(6)}"
    with statements() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    return f"mysql+asyncmy://root:{PASSWORD}@127.0.0.1:{mysql().port(3306)}/{name}"


def drop_schema(url: str) -> None:
    """Remove a schema with all that is in it."""
    with statements() as cursor:
        cursor.execute(f"DROP DATABASE {name_of(url)}")


def empty_schema(url: str) -> None:
    """Delete every row but the revision; a transaction that a test has left open is an error soon."""
    with statements() as cursor:
        cursor.execute("SET SESSION innodb_lock_wait_timeout = 2")
        cursor.execute(f"USE {name_of(url)}")
        cursor.execute("SHOW TABLES")
        tables = [table for (table,) in cursor.fetchall() if table != "alembic_version"]
        cursor.execute("BEGIN")
        for table in tables:
            cursor.execute(f"DELETE FROM `{table}`")
        cursor.execute("COMMIT")


def name_of(url: str) -> str:
    """The schema, or the virtual host, that a URL ends with."""
    return url.rpartition("/")[2]


@contextmanager
def statements() -> Iterator["pymysql.cursors.Cursor"]:
    """Root's statements."""
    with root(mysql()) as connection, connection.cursor() as cursor:
        yield cursor


@contextmanager
def vhost() -> Iterator[str]:
    """A virtual host of a test's own; its URL for the kernel's broker."""
    url = create_vhost()
    try:
        yield url
    finally:
        delete_vhost(url)


def create_vhost() -> str:
    """An empty virtual host; its URL."""
    need("rabbitmq")
    return create_vhost_on(rabbitmq())


def create_vhost_on(server: Server) -> str:
    """An empty virtual host of this broker; its URL."""
    name = secrets.token_hex(6)
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    with management(server) as client:
        client.put(f"/vhosts/{name}").raise_for_status()
        client.put(f"/permissions/{name}/tests", json=everything).raise_for_status()
    return f"amqp://tests:{PASSWORD}@127.0.0.1:{server.port(5672)}/{name}"


def delete_vhost(url: str) -> None:
    """Remove a virtual host with its queues."""
    with management(rabbitmq()) as client:
        client.delete(f"/vhosts/{name_of(url)}").raise_for_status()


@contextmanager
def emptied_cache() -> Iterator[str]:
    """The worker's Redis with nothing in it; its URL for the kernel's cache."""
    yield empty_cache()


def empty_cache() -> str:
    """Forget everything in the worker's Redis; its URL."""
    need("redis")
    from redis import Redis

    server = redis()
    with Redis(port=server.port(6379)) as client:
        client.flushall()
    return f"redis://127.0.0.1:{server.port(6379)}/0"
