"""Whom Prometheus finds in a cluster, as the observability chart's templates read it: by pod and name of its port."""

from typing import Any

from tradectl.render.compose.edge import ENVOY
from tradectl.render.wiring import HTTP, host, world_ports
from tradectl.stack.topology import Topology

Json = dict[str, Any]
METRICS = "metrics"
SERVERS = {"rabbitmq": ("rabbitmq", 15692), "redis": ("redis-exporter", 9121), "mysql": ("mysqld-exporter", 9104)}
TELEMETRY = {"audit": ("auditor", 9464), "backup": ("backup", 9465)}
"""The pod of a job, and its port named ``metrics``."""


def watching(topology: Topology) -> Json:
    """A job a part, and all ports that are asked."""
    world = {name: number for name, number in world_ports(topology).items() if name.endswith(".http")}
    others = {ENVOY: (ENVOY, 9902), **SERVERS, **TELEMETRY}
    return {
        "jobs": [
            *(_job(each.name, each.kind, host(each.name), "http") for each in topology.services),
            *(_job(name.removesuffix(".http"), "simulator", "sim", name.replace(".", "-")) for name in world),
            _job(ENVOY, "edge", ENVOY, METRICS),
            *(_job(name, "server", pod, METRICS) for name, (pod, _) in SERVERS.items()),
            *(_job(name, "telemetry", pod, METRICS) for name, (pod, _) in TELEMETRY.items()),
        ],
        "pages": sorted({HTTP, *world.values(), *(port for _, port in others.values())}),
    }


def _job(name: str, kind: str, pod: str, port: str) -> dict[str, str]:
    return {"name": name, "kind": kind, "pod": pod, "port": port}
