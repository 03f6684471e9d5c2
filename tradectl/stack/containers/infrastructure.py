"""infrastructure.json: what the supervisor reads of the servers, written whole when all of them are ready."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from services.contracts.manifest import ServiceManifest
from tradectl.stack.containers.owner import Role
from tradectl.stack.containers.passwords import Passwords
from tradectl.stack.containers.servers import USER
from tradectl.stack.ports import LOOPBACK
from tradectl.stack.state import Sandbox, write_json

DATABASES: Mapping[str, Role] = {"database": "primary", "replica": "replica"}


def urls(
    services: Sequence[ServiceManifest],
    ports: Mapping[str, int],
    secrets: Passwords,
    vhost: str,
    sockets: Mapping[Role, Path],
) -> dict[str, dict[str, str]]:
    """Where each service finds its database, the broker and the cache."""
    shared = {
        "broker": f"amqp://{USER}:{secrets.rabbitmq}@{LOOPBACK}:{ports['rabbitmq.amqp']}/{vhost}",
        "cache": cache(secrets.redis, ports["redis.redis"], sockets.get("redis")),
    }
    return {
        service.name: {**(databases(service.name, ports, secrets, sockets) if service.database else {}), **shared}
        for service in services
    }


def databases(
    service: str, ports: Mapping[str, int], secrets: Passwords, sockets: Mapping[Role, Path]
) -> dict[str, str]:
    """The same schema on the primary and on the replica, by its socket where one answers."""
    user = f"mysql+asyncmy://{service}:{secrets.services[service]}"
    return {
        name: f"{user}@{LOOPBACK}:{ports[f'{role}.mysql']}/{service}{by(sockets.get(role))}"
        for name, role in DATABASES.items()
    }


def cache(password: str, port: int, socket: Path | None) -> str:
    """Redis, by its socket where it answers there."""
    return f"unix://:{password}@{quote(str(socket))}?db=0" if socket else f"redis://:{password}@{LOOPBACK}:{port}/0"


def by(socket: Path | None) -> str:
    return f"?{urlencode({'unix_socket': socket})}" if socket else ""


def write(
    sandbox: Sandbox,
    urls: Mapping[str, Mapping[str, str]],
    containers: Mapping[Role, tuple[str, str]],
    ports: Mapping[str, int],
) -> None:
    """The document: URLs by service; id, image and ports by role."""
    servers: dict[str, dict[str, Any]] = {role: {"id": id, "image": image} for role, (id, image) in containers.items()}
    for name, port in ports.items():
        role, _, what = name.partition(".")
        servers[role]["management" if what == "management" else "port"] = port
    write_json(sandbox.infrastructure, {"urls": urls, "containers": servers})
