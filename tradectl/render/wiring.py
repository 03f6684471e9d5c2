"""How a part is called, what it is given and whom it calls, wherever it stands: in compose, in a cluster.

``<name>`` in a URL or an option stands for a secret (services/runtime/environment.py).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from services.contracts.manifest import ServiceManifest
from tradectl.render.secrets import database
from tradectl.stack.resources import ADMIN
from tradectl.stack.topology import Topology

HTTP, GRPC = 8000, 8001
WORLD = 8100
"""The first port of the simulated world; the others follow."""
SIM = "sim"
"""The simulated world, all in one."""
VHOST = "tradectl"
DATABASES = {"database": "primary", "replica": "replica"}
"""The servers of a service's two URLs."""
DATABASE, BROKER, CACHE, TELEMETRY = "database", "rabbitmq", "redis", "telemetry"
"""What services call beside each other and the world."""
SHOWN: Mapping[str, tuple[str, ...]] = {
    "auth": ("admin_password", "totp_key"),
    "market_data": ("provider_key",),
    "orders": ("broker_key",),
}
"""The keys that a service is given beside that of internal pages."""


@dataclass(frozen=True, kw_only=True)
class Hosts:
    """Where others are found: a part by its name, and each server."""

    part: Callable[[str], str]
    primary: str = "primary"
    replica: str = "replica"
    broker: str = "rabbitmq"
    cache: str = "redis"


def host(name: str) -> str:
    """The name of a part as networks have it, which know no underscores."""
    return name.replace("_", "-")


def ports(manifest: ServiceManifest) -> dict[str, int]:
    """The port of each of a service's sockets: 8000 for ``http``, and those after it."""
    others = [port for port in manifest.ports if port != "http"]
    return {"http": HTTP, **{port: HTTP + 1 + place for place, port in enumerate(others)}}


def world_ports(topology: Topology) -> dict[str, int]:
    """The port of each socket of the simulators by ``part.port``."""
    sockets = [f"{part.name}.{port}" for part in topology.simulators for port in part.ports]
    return {name: WORLD + 1 + place for place, name in enumerate(sockets)}


def world_urls(topology: Topology, at: str) -> dict[str, str]:
    """Where everything of the simulated world is, which is at one host."""
    return {
        name: f"{'http' if name.endswith('.http') else 'tcp'}://{at}:{port}"
        for name, port in world_ports(topology).items()
    }


def urls(topology: Topology, manifest: ServiceManifest, hosts: Hosts) -> Iterator[tuple[str, str]]:
    """Where a service finds whom it calls, by the names of its URLs."""
    world = world_urls(topology, hosts.part(SIM))
    yield "clock", world["clock.http"]
    for name in (*manifest.needs, *manifest.calls):
        if topology[name].kind == "service":
            yield name, f"http://{hosts.part(name)}:{HTTP}"
        else:
            yield from ((port, url) for port, url in world.items() if port.partition(".")[0] == name)
    yield manifest.name, f"asgi://{manifest.name}"
    if manifest.database:
        user = f"{manifest.name}:<{database(manifest.name)}>"
        for of, server in (("database", hosts.primary), ("replica", hosts.replica)):
            yield of, f"mysql+asyncmy://{user}@{server}:3306/{manifest.name}"
    yield "broker", f"amqp://tradectl:<rabbitmq>@{hosts.broker}:5672/{VHOST}"
    yield "cache", f"redis://:<redis>@{hosts.cache}:6379/0"


def options(topology: Topology, manifest: ServiceManifest) -> dict[str, str]:
    """A service's settings, with the queues that its events go to."""
    return {
        "apart": "yes",
        "admin_email": ADMIN,
        "consumers": json.dumps(topology.consumers(manifest)),
        **{name: f"<{name}>" for name in SHOWN.get(manifest.name, ())},
        # The broker is ours: it takes a trace with an order.
        **({"orders.fix_trace": "yes"} if manifest.name == "orders" else {}),
    }


def opened_by(manifest: ServiceManifest) -> tuple[str, ...]:
    """The secrets that a service is given."""
    shown = SHOWN.get(manifest.name, ())
    return ("key", "rabbitmq", "redis", *shown, *((database(manifest.name),) * manifest.database))


def peers(topology: Topology, manifest: ServiceManifest) -> set[str]:
    """The services that a service asks."""
    return {each for each in (*manifest.needs, *manifest.calls) if topology[each].kind == "service"}


def callees(topology: Topology, manifest: ServiceManifest) -> set[str]:
    """Whom a service calls: its servers, the world, whose clock everyone may follow, and its peers."""
    databases = {DATABASE} if manifest.database else set()
    return {SIM, BROKER, CACHE, TELEMETRY} | databases | {host(each) for each in peers(topology, manifest)}
