"""The parts as the chart's templates read them: ports, variables, secrets, and whom each calls.

Texts are templates of Helm's: what an environment decides (its servers, its clock) is in its values.
"""

import json
from collections.abc import Mapping
from typing import Any

from services.contracts.manifest import ServiceManifest
from tradectl.audit.snapshot import AUDITED
from tradectl.render.secrets import database
from tradectl.render.wiring import (
    DATABASE,
    GRPC,
    HTTP,
    SIM,
    TELEMETRY,
    Hosts,
    callees,
    host,
    opened_by,
    options,
    ports,
    urls,
    world_ports,
    world_urls,
)
from tradectl.stack.topology import Topology

Json = dict[str, Any]
CLOCK = "{{ .Values.clock }}"
"""Of the simulated world in dev; the wall's elsewhere."""
SERVERS = Hosts(
    part=host,
    **{server: f"{{{{ .Values.servers.{server} }}}}" for server in ("primary", "replica", "broker", "cache")},
)
GRPC_DOOR = {"TRADECTL_BFF__GRPC_PORT": str(GRPC)}
CHECKS = {"migrations": "check"}
"""A service finds its schema as the hooks have left it."""
WORLD = "/var/lib/tradectl/world"


def parts(topology: Topology) -> Json:
    """All of them, for a topology that fits together."""
    topology.check()
    return {
        "services": {host(each.name): service(topology, each) for each in topology.services},
        "sim": world(topology),
        "auditor": auditor(topology),
        "migrations": migrations(topology),
    }


def service(topology: Topology, manifest: ServiceManifest) -> Json:
    """One service; every copy listens at its pod's address."""
    bff = manifest.name == "bff"
    world = world_urls(topology, SIM)
    found = {name: _elsewhere(name, url) if name in world else url for name, url in urls(topology, manifest, SERVERS)}
    return {
        "module": manifest.name,
        "database": manifest.database,
        "ports": {**ports(manifest), **({"grpc": GRPC} if bff else {})},
        "calls": sorted(callees(topology, manifest)),
        "secrets": list(opened_by(manifest)),
        "config": {
            "TRADECTL_PORTS": json.dumps(ports(manifest)),
            "TRADECTL_STATE": "/tmp",  # noqa: S108 (in the pod)
            "TRADECTL_KEY": "<key>",
            "TRADECTL_URLS": json.dumps({**found, "clock": CLOCK}),
            "TRADECTL_OPTIONS": json.dumps({**options(topology, manifest), **CHECKS}),
            **(GRPC_DOOR if bff else {}),
        },
    }


def _elsewhere(name: str, url: str) -> str:
    """A part of the outside world: the simulated one, unless the environment has a real one."""
    return f"{{{{ index .Values.outside.urls `{name}` | default `{url}` }}}}"


def migrations(topology: Topology) -> Json:
    """What brings the schemas up to date before services start."""
    services = [each for each in topology.services if each.database]
    found = {each.name: dict(urls(topology, each, SERVERS))["database"] for each in services}
    return {
        "services": list(found),
        "calls": [DATABASE, TELEMETRY],
        "secrets": [database(each) for each in found],
        "config": {"TRADECTL_URLS": json.dumps(found)},
    }


def world(topology: Topology) -> Json:
    """The simulators, all in one pod. What each is told beside its keys is in the values of an environment."""
    sockets = world_ports(topology)
    return {
        "ports": {name.replace(".", "-"): number for name, number in sockets.items()},
        "pages": [number for name, number in sockets.items() if name.endswith(".http")],
        "calls": [TELEMETRY],
        "secrets": ["key", "provider_key", "broker_key"],
        "config": {
            "TRADECTL_PORTS": json.dumps(sockets),
            "TRADECTL_STATE": WORLD,
            "TRADECTL_KEY": "<key>",
        },
        "options": {"provider_key": "<provider_key>", "broker_key": "<broker_key>"},
        "folder": WORLD,
    }


def auditor(topology: Topology) -> Json:
    """Who holds the books against the venue's record again and again; it asks everyone who has any."""
    pages: Mapping[str, str] = {
        **{f"{each}.http": f"http://{host(each)}:{HTTP}" for each in AUDITED},
        **{name: url for name, url in world_urls(topology, SIM).items() if name.endswith(".http")},
    }
    return {
        "calls": sorted({SIM, TELEMETRY, *(host(each) for each in AUDITED)}),
        "secrets": ["key", "provider_key"],
        "config": {
            "TRADECTL_KEY": "<key>",
            "TRADECTL_URLS": json.dumps(pages),
            "TRADECTL_OPTIONS": json.dumps({"provider_key": "<provider_key>"}),
        },
    }
