"""compose.yaml for a sandbox of this machine: the same containers, under its name and in its supervisor's hands."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tradectl.render.compose import secrets, servers
from tradectl.render.compose.document import document
from tradectl.render.compose.links import PUBLISHED, host
from tradectl.render.compose.profiles import CORE
from tradectl.render.compose.services import ports, world_ports
from tradectl.render.compose.text import as_yaml
from tradectl.stack.topology import Topology

LOGS = "/logs"


def lay(
    topology: Topology,
    folder: Path,
    *,
    project: str,
    scale: Mapping[str, int],
    told: Mapping[str, str],
    logs: Path,
    labels: Mapping[str, str],
    roles: Mapping[str, Mapping[str, str]],
    opened_by: Mapping[str, str],
) -> Path:
    """Write the file, what it mounts and its secrets (`opened_by`); the file. ``told`` is what the world is told."""
    whole = document(topology, scale)
    core = {name: each for name, each in whole["services"].items() if CORE[0] in each["profiles"]}
    for name, each in core.items():
        _own(name, each, told, logs)
        each["labels"] = {**labels, **roles.get(name, {})}
    used = {network for each in core.values() for network in each.get("networks", {})}
    kept = {volume.partition(":")[0] for each in core.values() for volume in each.get("volumes", ())}
    made = {
        "name": project,
        "services": core,
        "networks": {name: {**each, "labels": labels} for name, each in whole["networks"].items() if name in used},
        "volumes": {name: {"labels": {**labels, **roles.get(name, {})}} for name in whole["volumes"] if name in kept},
        "secrets": {name: {"file": str(folder / "secrets" / name)} for name in opened_by},
        "configs": {name: {"file": str(folder / place)} for name, place in servers.configs().items()},
    }
    (folder / "secrets").mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in opened_by.items():
        secrets.lay(folder / "secrets", name, text)
    for place, text in {"compose.yaml": as_yaml(made), **servers.files(topology)}.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text, encoding="utf-8")
    return folder / "compose.yaml"


def _own(name: str, container: dict[str, Any], told: Mapping[str, str], logs: Path) -> None:
    """Nothing of it is published, its end is its supervisor's affair, and its log lies with the sandbox's others."""
    container.pop("profiles")
    container.pop("ports", None)
    container.get("networks", {}).pop(PUBLISHED, None)
    if name in servers.NAMES:
        return
    container["restart"] = "no"
    container.pop("depends_on", None)
    container.pop("healthcheck", None)
    environment = container["environment"]
    environment |= {"TRADECTL_LOGS": LOGS, "TRADECTL_INSTANCE": instance_of(name)}
    container["volumes"] = [*container.get("volumes", ()), f"{logs}:{LOGS}"]
    if name == "sim":
        environment |= told


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


def secret_names(topology: Topology) -> Sequence[str]:
    """Those that its containers name."""
    return secrets.names(topology)


__all__ = ["container_of", "inner_ports", "instance_of", "lay", "secret_names"]
