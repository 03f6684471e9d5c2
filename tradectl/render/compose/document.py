"""compose.yaml, put together."""

from collections.abc import Mapping
from typing import Any

from tradectl.render.compose import edge, servers, services, watching
from tradectl.render.compose.container import Container
from tradectl.render.compose.links import ASKING, PAGES, PUBLISHED, SCALE
from tradectl.render.compose.subnets import subnets
from tradectl.render.secrets import names
from tradectl.stack.topology import Topology

SECRETS = "TRADECTL_SECRETS_FOLDER"
"""The variable that names their folder."""
QUIET = {"driver_opts": {"com.docker.network.bridge.enable_icc": "false"}}
"""Those in it cannot speak with each other, only be spoken with by this machine."""


def document(topology: Topology, scale: Mapping[str, int] = SCALE) -> dict[str, Any]:
    """All of it, for a topology that fits together."""
    topology.check()
    found = containers(topology, scale)
    configs = {**servers.configs(), **edge.configs()}
    return {
        "name": "${COMPOSE_PROJECT_NAME:-tradectl}",
        "services": {name: each.document() for name, each in found.items()},
        "networks": networks(found),
        "volumes": {name: {} for name in volumes(found)},
        "secrets": {**secrets(topology), **edge.secrets()},
        "configs": {name: {"file": f"./{place}"} for name, place in configs.items()},
    }


def containers(topology: Topology, scale: Mapping[str, int]) -> dict[str, Container]:
    """Every container by its name, those first that others stand on."""
    return {
        **servers.all_of(topology),
        **services.all_of(topology, scale),
        edge.ENVOY: edge.envoy(),
        **watching.all_of(topology),
    }


def networks(found: Mapping[str, Container]) -> dict[str, Any]:
    """Each network that is used: no way leads out of it, except for what is published."""
    used = {network for each in found.values() for network in each.networks}
    return {
        name: {**(QUIET if name in {PUBLISHED, PAGES, ASKING} else {"internal": True}), "ipam": ipam}
        for name, ipam in subnets(used).items()
    }


def volumes(found: Mapping[str, Container]) -> list[str]:
    """Each volume that is used."""
    places = [volume.partition(":")[0] for each in found.values() for volume in each.volumes]
    return list(dict.fromkeys(place for place in places if not place.startswith((".", "/", "$"))))


def secrets(topology: Topology) -> dict[str, Any]:
    """Each secret, a file."""
    return {name: {"file": f"${{{SECRETS}:-./secrets}}/{name}"} for name in names(topology)}
