"""What containers stand on: the sandbox's network and its volumes."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tradectl.stack.containers.engine import explained
from tradectl.stack.containers.owner import Owner, foreign

if TYPE_CHECKING:
    from docker import DockerClient


def network(client: "DockerClient", owner: Owner) -> None:
    """The sandbox's network is there."""
    from testcontainers.core.network import Network

    name = owner.name()
    with explained(f"make the network {name}"):
        for found in client.networks.list(names=[name]):
            if found.name == name:
                _check("network", name, owner, found.attrs.get("Labels") or {})
                return
        made = Network(docker_network_kw={"labels": owner.labels()})
        made.name = name
        made.create()


def volumes(client: "DockerClient", owner: Owner, roles: Iterable[str]) -> None:
    """Each has its volume. One of an earlier life holds what nobody can open, and is not taken for ours."""
    from docker.errors import NotFound

    for role in roles:
        name = owner.name(role)
        with explained(f"make the volume {name}"):
            try:
                labels: Mapping[str, Any] = client.volumes.get(name).attrs.get("Labels") or {}
            except NotFound:
                client.volumes.create(name, labels=owner.labels(role))
            else:
                _check("volume", name, owner, labels)


def _check(kind: str, name: str, owner: Owner, labels: Mapping[str, str]) -> None:
    if owner.owns(labels):
        return
    raise foreign(kind, name, labels)
