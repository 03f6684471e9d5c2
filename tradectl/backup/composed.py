"""What a restore needs of a sandbox whose parts are containers: where its servers are, and the broker's journal."""

import io
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlunsplit

from services.contracts.manifest import ServiceManifest
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.composed.contained import addresses, found
from tradectl.stack.containers.engine import explained
from tradectl.stack.containers.infrastructure import DATABASES
from tradectl.stack.containers.passwords import Passwords, passwords
from tradectl.stack.containers.servers import USER
from tradectl.stack.state import Sandbox

if TYPE_CHECKING:
    from docker.models.containers import Container

WORLD = "/var/lib/tradectl/world"
SIMULATED = "sim"
MYSQL, AMQP, REDIS = 3306, 5672, 6379


def urls(sandbox: Sandbox, services: Sequence[ServiceManifest]) -> Mapping[str, Mapping[str, str]]:
    """By service, as infrastructure.json has them on other backends; a restart may change the addresses."""
    return told(addresses(sandbox), passwords(sandbox), services)


def told(at: Mapping[str, str], secrets: Passwords, services: Sequence[ServiceManifest]) -> dict[str, dict[str, str]]:
    """The same of servers at these addresses, which are by their roles."""
    shared = {
        "broker": _url("amqp", f"{USER}:{secrets.rabbitmq}", at["rabbitmq"], AMQP, USER),
        "cache": _url("redis", f":{secrets.redis}", at["redis"], REDIS, "0"),
    }

    def databases(service: ServiceManifest) -> dict[str, str]:
        user = f"{service.name}:{secrets.services[service.name]}" if service.database else ""
        return {
            name: _url("mysql+asyncmy", user, at[role], MYSQL, service.name) for name, role in DATABASES.items() if user
        }

    return {service.name: {**databases(service), **shared} for service in services if service.kind == "service"}


def _url(scheme: str, user: str, host: str, port: int, path: str) -> str:
    return urlunsplit((scheme, f"{user}@{host}:{port}", f"/{path}", "", ""))


def lay_journal(sandbox: Sandbox, journal: str, folder: Path) -> Path:
    """A copy of the broker's journal in a folder of ours, with what SQLite has not yet written into it."""
    container = found(sandbox, SIMULATED)
    if container is None:
        raise TradectlError("the simulated world has no container", "`tradectl up` makes it", ExitCode.NOT_UP)
    with explained(f"read from {container.name}"), standing_still(container):
        pieces, _ = container.get_archive(f"{WORLD}/{Path(journal).parent}")
        packed = io.BytesIO(b"".join(pieces))
    with tarfile.open(fileobj=packed) as tar:
        tar.extractall(folder, filter="data")
    return folder / journal


@contextmanager
def standing_still(container: "Container") -> Iterator[None]:
    """One that runs is paused: files that are copied one after the other are of one moment."""
    runs = container.status == "running"
    if runs:
        container.pause()
    try:
        yield
    finally:
        if runs:
            container.unpause()
