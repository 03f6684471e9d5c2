"""The platform's own containers: every service, the simulated world."""

import json
from collections.abc import Iterator, Mapping

from services.contracts.manifest import ServiceManifest
from tradectl.render.compose import secrets
from tradectl.render.compose.container import Container, answers
from tradectl.render.compose.images import image
from tradectl.render.compose.links import PUBLISHED, TELEMETRY, containers, host, inner, links, own
from tradectl.render.compose.profiles import CORE
from tradectl.stack.resources import ADMIN
from tradectl.stack.topology import Topology

HTTP, GRPC = 8000, 8001
WORLD = 8100
"""The first port of the simulated world; the others follow."""
USER = "10001:10001"
PRIVATE = "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16"
"""Where an engine's networks lie."""
VHOST = "tradectl"
BROKER = f"amqp://tradectl:<rabbitmq>@rabbitmq:5672/{VHOST}"
CACHE = "redis://:<redis>@redis:6379/0"
SERVERS = ("rabbitmq", "redis")
DATABASES = {"database": "primary", "replica": "replica"}
SHOWN: Mapping[str, tuple[str, ...]] = {
    "auth": ("admin_password",),
    "market_data": ("provider_key",),
    "orders": ("broker_key",),
}
"""The keys that a service is given beside that of internal pages."""
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
    shown = SHOWN.get(manifest.name, ())
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
            "TRADECTL_URLS": json.dumps(dict(urls(topology, manifest))),
            "TRADECTL_OPTIONS": json.dumps(options(topology, manifest)),
            **(doors(name) if manifest.name == "bff" else {}),
            **telling(),
        },
        secrets=("key", "rabbitmq", "redis", *shown, *((secrets.database(manifest.name),) * manifest.database)),
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


def ports(manifest: ServiceManifest) -> dict[str, int]:
    """The port of each of its sockets inside: 8000 for ``http``, and those after it."""
    others = [port for port in manifest.ports if port != "http"]
    return {"http": HTTP, **{port: HTTP + 1 + place for place, port in enumerate(others)}}


def urls(topology: Topology, manifest: ServiceManifest) -> Iterator[tuple[str, str]]:
    """Where a service finds whom it calls, by the names of its URLs."""
    world = world_urls(topology)
    yield "clock", world["clock.http"]
    for name in (*manifest.needs, *manifest.calls):
        if topology[name].kind == "service":
            yield name, f"http://{inner(name)}:{HTTP}"
        else:
            yield from ((port, url) for port, url in world.items() if port.partition(".")[0] == name)
    yield manifest.name, f"asgi://{manifest.name}"
    if manifest.database:
        user = f"{manifest.name}:<{secrets.database(manifest.name)}>"
        yield from ((of, f"mysql+asyncmy://{user}@{at}:3306/{manifest.name}") for of, at in DATABASES.items())
    yield "broker", BROKER
    yield "cache", CACHE


def options(topology: Topology, manifest: ServiceManifest) -> dict[str, str]:
    """Its settings, with the queues that its events go to."""
    return {
        "apart": "yes",
        "admin_email": ADMIN,
        "consumers": json.dumps(topology.consumers(manifest)),
        **{name: f"<{name}>" for name in SHOWN.get(manifest.name, ())},
        # The broker is ours: it takes a trace with an order.
        **({"orders.fix_trace": "yes"} if manifest.name == "orders" else {}),
    }


def world_ports(topology: Topology) -> dict[str, int]:
    """The port of each socket of the simulators by ``part.port``."""
    sockets = [f"{part.name}.{port}" for part in topology.simulators for port in part.ports]
    return {name: WORLD + 1 + place for place, name in enumerate(sockets)}


def world_urls(topology: Topology) -> dict[str, str]:
    """Where everything of the simulated world is."""
    return {
        name: f"{'http' if name.endswith('.http') else 'tcp'}://{inner('sim')}:{port}"
        for name, port in world_ports(topology).items()
    }


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
