"""compose.yaml for a sandbox of this machine: the same containers, under its name and in its supervisor's hands."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tradectl.render import secrets
from tradectl.render.compose import servers
from tradectl.render.compose.document import document
from tradectl.render.compose.edge import ENVOY
from tradectl.render.compose.links import PUBLISHED
from tradectl.render.compose.profiles import CORE
from tradectl.render.compose.subnets import subnets
from tradectl.render.text import as_yaml
from tradectl.render.wiring import host, ports, world_ports
from tradectl.stack.topology import Topology

LOGS = "/logs"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A sandbox as its containers see it. ``labels`` are those of all that is its own, ``roles`` more by container."""

    folder: Path
    project: str
    scale: Mapping[str, int]
    subnets: tuple[str, int]
    """The first two numbers of its networks' addresses, and where the third begins."""
    world: Mapping[str, str]
    """What the simulated world is told, in the place of variables."""
    feed: str | None
    """A file that the world's prices come from, seen inside where it is here."""
    limits: Mapping[str, str]
    """Settings of services that are not the usual ones."""
    logs: Path
    labels: Mapping[str, str]
    roles: Mapping[str, Mapping[str, str]]
    secrets: Mapping[str, str] = field(repr=False)


def lay(topology: Topology, place: Place) -> Path:
    """Write compose.yaml, what it mounts and its secrets; the file."""
    (place.folder / "secrets").mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in place.secrets.items():
        secrets.lay(place.folder / "secrets", name, text)
    for where, text in {"compose.yaml": as_yaml(own(topology, place)), **servers.files(topology)}.items():
        (place.folder / where).parent.mkdir(parents=True, exist_ok=True)
        (place.folder / where).write_text(text, encoding="utf-8")
    return place.folder / "compose.yaml"


def own(topology: Topology, place: Place) -> dict[str, Any]:
    """The core of the document, made the sandbox's own."""
    whole = document(topology, place.scale)
    found = whole["services"].items()
    core = {name: each for name, each in found if CORE[0] in each["profiles"] and name != ENVOY}
    for name, each in core.items():
        _own(name, each, place)
        each["labels"] = {**place.labels, **place.roles.get(name, {})}
    used = {network for each in core.values() for network in each.get("networks", {})}
    kept = {volume.partition(":")[0] for each in core.values() for volume in each.get("volumes", ())}
    volumes = {name: {"labels": {**place.labels, **place.roles.get(name, {})}} for name in whole["volumes"]}
    return {
        "name": place.project,
        "services": core,
        "networks": {
            name: {**whole["networks"][name], "ipam": ipam, "labels": place.labels}
            for name, ipam in subnets(used, *place.subnets).items()
        },
        "volumes": {name: each for name, each in volumes.items() if name in kept},
        "secrets": {name: {"file": str(place.folder / "secrets" / name)} for name in place.secrets},
        "configs": {name: {"file": str(place.folder / where)} for name, where in servers.configs().items()},
    }


def _own(name: str, container: dict[str, Any], place: Place) -> None:
    """Nothing of it is published, its end is its supervisor's affair, and its log lies with the sandbox's others."""
    container.pop("profiles")
    container.pop("ports", None)
    container.get("networks", {}).pop(PUBLISHED, None)
    if name in servers.NAMES:
        return
    container["restart"] = "no"
    container.pop("depends_on", None)
    container.pop("healthcheck", None)
    container["volumes"] = [*container.get("volumes", ()), f"{place.logs}:{LOGS}"]
    # A run keeps its own telemetry.
    container["environment"] |= {
        "OTEL_SDK_DISABLED": "true",
        "TRADECTL_LOGS": LOGS,
        "TRADECTL_INSTANCE": instance_of(name),
    }
    if name == "sim":
        container["environment"] |= place.world
        container["volumes"] += [f"{place.feed}:{place.feed}:ro"] if place.feed else []
    elif "TRADECTL_OPTIONS" in container["environment"]:
        given = json.loads(container["environment"]["TRADECTL_OPTIONS"])
        container["environment"]["TRADECTL_OPTIONS"] = json.dumps({**given, **place.limits})


def instance_of(container: str) -> str:
    """``bff@2`` of ``bff-2``, ``market_data`` of ``market-data``."""
    name, _, number = container.rpartition("-")
    return f"{name.replace('-', '_')}@{number}" if number.isdecimal() else container.replace("-", "_")


def container_of(instance: str) -> str:
    """The other way."""
    return host(instance.replace("@", "-"))


def inner_ports(topology: Topology, instance: str) -> dict[str, int]:
    """The port inside its container of each socket of an instance, by ``instance.port``."""
    part = instance.partition("@")[0]
    manifest = topology[part]
    if manifest.kind == "simulator":
        return {name: port for name, port in world_ports(topology).items() if name.partition(".")[0] == part}
    return {f"{instance}.{name}": port for name, port in ports(manifest).items()}
