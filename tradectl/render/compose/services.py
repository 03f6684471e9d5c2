"""The platform's own containers: every service, the simulated world."""

import json
from collections.abc import Mapping

from services.contracts.manifest import ServiceManifest
from tradectl.render.compose.container import Container, answers
from tradectl.render.compose.images import image
from tradectl.render.compose.links import PUBLISHED, containers, inner, links, own
from tradectl.render.compose.profiles import CORE
from tradectl.render.wiring import (
    DATABASES,
    GRPC,
    HTTP,
    TELEMETRY,
    Hosts,
    host,
    opened_by,
    options,
    ports,
    urls,
    world_ports,
)
from tradectl.stack.topology import Topology

USER = "10001:10001"
PRIVATE = "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16"
"""Where an engine's networks lie."""
SERVERS = ("rabbitmq", "redis")
HOSTS = Hosts(part=inner)
WORLDLY = {name: f"${{TRADECTL_{name.upper()}:-}}" for name in ("feed", "speed", "at", "at_end", "paused")}
"""What the simulated world is told by variables; what is empty is not told."""
MAIL = "${TRADECTL_PORT_MAIL:-8025}"


def telling() -> dict[str, str]:
    """Where spans and lines go; what is not there costs nothing but a process that waits for it."""
    return {
        "OTEL_SDK_DISABLED": "${OTEL_SDK_DISABLED:-false}",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://jaeger:4318/v1/traces",
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": "http://loki:3100/otlp/v1/logs",
    }


def all_of(topology: Topology, scale: Mapping[str, int]) -> dict[str, Container]:
    """By container."""
    found = {"sim": sim(topology)}
    networks = links(topology, scale)
    for manifest in topology.services:
        for name in containers(manifest.name, scale):
            found[name] = service(topology, manifest, name, networks[name])
    return found


def service(topology: Topology, manifest: ServiceManifest, name: str, networks: frozenset[str]) -> Container:
    """One copy of a service. It listens in its own network alone: who shares another with it is not let in there."""
    aliases = dict.fromkeys(networks, ()) | {host(manifest.name): (inner(manifest.name), own(name))}
    return Container(
        image=image("platform"),
        user=USER,
        memory="512M",
        profiles=CORE,
        networks=aliases,
        command=("python", "-m", "services.kernel.serve", manifest.name),
        environment={
            "TRADECTL_HOST": own(name),
            "TRADECTL_PORTS": json.dumps(ports(manifest)),
            "TRADECTL_STATE": "/tmp",  # noqa: S108 (in the container)
            "TRADECTL_KEY": "<key>",
            "TRADECTL_URLS": json.dumps(dict(urls(topology, manifest, HOSTS))),
            "TRADECTL_OPTIONS": json.dumps(options(topology, manifest)),
            **(doors(name) if manifest.name == "bff" else {}),
            **telling(),
        },
        secrets=opened_by(manifest),
        health=answers(HTTP, "/ready", own(name)),
        after=(*SERVERS, "sim", *(DATABASES.values() if manifest.database else ()), *needed(topology, manifest)),
    )


def doors(name: str) -> dict[str, str]:
    """The BFF's other door, which its settings open; and whose word it takes on who a client is: Envoy's."""
    return {
        "TRADECTL_BFF__GRPC_PORT": str(GRPC),
        "TRADECTL_BFF__GRPC_HOST": own(name),
        "TRADECTL_BFF__TRUSTED_PROXIES": PRIVATE,
    }


def needed(topology: Topology, manifest: ServiceManifest) -> tuple[str, ...]:
    """The containers of the services that must be up before it; of several copies one will do."""
    return tuple(host(each) for each in manifest.needs if topology[each].kind == "service")


def sim(topology: Topology) -> Container:
    """The outside world. It calls nobody, so it listens wherever it is; its mail is shown on this machine."""
    sockets = world_ports(topology)
    pages = " ".join(str(port) for name, port in sockets.items() if name.endswith(".http"))
    look = answers(0, "/ready", "127.0.0.1")[2].replace("/0 &&", "/$$port &&")
    return Container(
        image=image("platform"),
        user=USER,
        memory="1G",
        profiles=CORE,
        networks={"sim": (inner("sim"),), TELEMETRY: (), PUBLISHED: ()},
        command=("python", "-m", "tradectl.stack.world"),
        environment={
            "TRADECTL_HOST": "0.0.0.0",  # noqa: S104 (of the container)
            "TRADECTL_PORTS": json.dumps(sockets),
            "TRADECTL_STATE": "/var/lib/tradectl/world",
            "TRADECTL_SEED": "${TRADECTL_SEED:-1}",
            "TRADECTL_KEY": "<key>",
            "TRADECTL_OPTIONS": json.dumps({**WORLDLY, "provider_key": "<provider_key>", "broker_key": "<broker_key>"}),
            **telling(),
        },
        secrets=("key", "provider_key", "broker_key"),
        health=("bash", "-c", f"for port in {pages}; do ({look}) || exit 1; done"),
        once=("volumes",),
        ports=(f"127.0.0.1:{MAIL}:{sockets['mail.http']}",),
        volumes=("world:/var/lib/tradectl/world",),
    )
