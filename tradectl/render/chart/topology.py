"""The parts as the chart's templates read them: ports, variables, secrets, and whom each calls.

Texts are templates of Helm's: what an environment decides (its servers, its clock) is in its values.
"""

import json
from collections.abc import Mapping
from typing import Any

from services.contracts.manifest import ServiceManifest
from tradectl.audit.snapshot import AUDITED
from tradectl.render.wiring import (
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
WORLD = "/var/lib/tradectl/world"


def parts(topology: Topology) -> Json:
    """All of them, for a topology that fits together."""
    topology.check()
    return {
        "services": {host(each.name): service(topology, each) for each in topology.services},
        "sim": world(topology),
        "auditor": auditor(topology),
    }


def service(topology: Topology, manifest: ServiceManifest) -> Json:
    """One service; every copy listens at its pod's address."""
    bff = manifest.name == "bff"
    found = {**dict(urls(topology, manifest, SERVERS)), "clock": CLOCK}
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
            "TRADECTL_URLS": json.dumps(found),
            "TRADECTL_OPTIONS": json.dumps(options(topology, manifest)),
            **(GRPC_DOOR if bff else {}),
        },
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
