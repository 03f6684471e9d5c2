"""What each server is: a container's recipe, without anything of this machine but its ports."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from tradectl.stack.containers import mysql
from tradectl.stack.containers.addresses import INSIDE
from tradectl.stack.containers.images import Images
from tradectl.stack.containers.owner import Role
from tradectl.stack.containers.passwords import Passwords
from tradectl.stack.containers.sockets import INSIDE as SOCKETS
from tradectl.stack.containers.sockets import REDIS

RABBITMQ_CONF = "/etc/rabbitmq/conf.d/90-tradectl.conf"
RABBITMQ_PLUGINS = "/etc/rabbitmq/enabled_plugins"
RABBITMQ_DATA = "/var/lib/rabbitmq"
REDIS_CONF = "/tradectl/redis.conf"
REDIS_SOCKET = (f"unixsocket {SOCKETS}/{REDIS}", "unixsocketperm 777")
USER = "tradectl"
"""RabbitMQ's, an administrator of it."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """``ports`` by the port inside, ``files`` by their path: laid into the container before it starts."""

    role: Role
    image: str
    ports: Mapping[int, int]
    files: Mapping[str, bytes] = field(repr=False)
    data: str | None = None
    """Where its data lies, for which it has a volume."""
    fresh: str | None = None
    """The volume from which its first data are copied."""
    sockets: str | None = None
    """A folder of this machine for its sockets."""
    entrypoint: Sequence[str] | None = None
    command: Sequence[str] | None = None
    user: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def spec(self) -> str:
        """Changes when any of it does."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, default=bytes.hex).encode()).hexdigest()[:16]


def servers(
    images: Images,
    ports: Mapping[str, int],
    secrets: Passwords,
    services: Sequence[str],
    vhost: str,
    sockets: Mapping[Role, Path],
    fresh: str | None = None,
) -> list[Server]:
    """All four; `services` are those with a schema, `fresh` a volume of unused data. The slowest come first."""

    def published(role: Role) -> dict[int, int]:
        return {inside: ports[f"{role}.{name}"] for name, inside in INSIDE[role].items()}

    schemas = {name: secrets.services[name] for name in sorted(services)}
    primary = mysql.primary(secrets.root, secrets.replication, schemas)
    replica = mysql.replica(secrets.root, secrets.replication, "primary")

    made = [
        _mysql("primary", images["percona"], published("primary"), mysql.PRIMARY, primary, fresh),
        _mysql("replica", images["percona"], published("replica"), mysql.REPLICA, replica, fresh),
        _rabbitmq(images["rabbitmq"], published("rabbitmq"), secrets.rabbitmq, vhost),
        _redis(images["redis"], published("redis"), secrets.redis, listens=REDIS_SOCKET if sockets else ()),
    ]
    return [replace(each, sockets=str(sockets[each.role])) if each.role in sockets else each for each in made]


def _mysql(
    role: Role,
    image: str,
    ports: Mapping[int, int],
    options: Sequence[str],
    statements: Sequence[str],
    fresh: str | None,
) -> Server:
    return Server(
        role=role,
        image=image,
        ports=ports,
        data=mysql.DATA,
        fresh=fresh,
        entrypoint=["sh"],
        command=mysql.command(*options),
        user="root",  # the script gives the data to mysql, and mysqld becomes that
        files={mysql.START: mysql.SCRIPT.encode(), mysql.STATEMENTS: mysql.file(statements)},
    )


def _rabbitmq(image: str, ports: Mapping[int, int], password: str, vhost: str) -> Server:
    settings = {
        "default_user": USER,
        "default_pass": password,
        "default_vhost": vhost,
        "default_user_tags.administrator": "true",
        "loopback_users": "none",
        "vm_memory_high_watermark.absolute": "512MiB",
        "disk_free_limit.absolute": "100MB",
        "log.console.level": "warning",
    }
    return Server(
        role="rabbitmq",
        image=image,
        ports=ports,
        data=RABBITMQ_DATA,
        # The data of a node are found by its name, and that is made of the host's unless it is said.
        environment={"RABBITMQ_NODENAME": "rabbit@localhost"},
        files={
            RABBITMQ_CONF: "".join(f"{name} = {value}\n" for name, value in settings.items()).encode(),
            RABBITMQ_PLUGINS: b"[rabbitmq_management].\n",
        },
    )


def _redis(image: str, ports: Mapping[int, int], password: str, listens: Sequence[str]) -> Server:
    settings = (
        *listens,
        "bind 0.0.0.0",
        f"requirepass {password}",
        'save ""',
        "appendonly no",
        "dir /tmp",
        "maxmemory 256mb",
    )
    return Server(
        role="redis",
        image=image,
        ports=ports,
        entrypoint=["redis-server"],
        command=[REDIS_CONF],
        user="redis",
        files={REDIS_CONF: "\n".join((*settings, "maxmemory-policy allkeys-lru", "")).encode()},
    )
