"""What the network between parts is, and the links that it has."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from services.contracts.manifest import ServiceManifest


class Link(NamedTuple):
    """Who calls, and the callee by its name among the caller's URLs, or ``known_as`` another."""

    caller: str
    callee: str
    known_as: str = ""

    @property
    def port(self) -> str:
        """The name of the socket that stands for the callee."""
        return f"{self.caller}_{self.callee.replace('.', '_')}"

    @property
    def target(self) -> str:
        """The callee's own socket, by its name among all endpoints."""
        return self.callee if "." in self.callee else f"{self.callee}.http"

    @property
    def ends(self) -> frozenset[str]:
        """The two parts."""
        return frozenset((self.caller, self.callee.partition(".")[0]))


OUTSIDE = (
    Link("orders", "broker.fix"),
    Link("orders", "broker.http"),
    Link("market_data", "provider.http"),
    Link("notifications", "mail.smtp"),
)
DOOR = tuple(
    Link("bff", service)
    for service in ("auth", "market_data", "orders", "portfolio", "notifications", "recommendations", "chat")
)
WITHIN = (
    *(
        Link(service, "auth")
        for service in ("market_data", "orders", "portfolio", "notifications", "recommendations", "chat")
    ),
    *(Link(service, "market_data") for service in ("auth", "orders", "portfolio", "notifications", "recommendations")),
    Link("recommendations", "portfolio"),
)
"""Over HTTP only where services are processes of their own."""
SERVERS: Mapping[str, str] = MappingProxyType(
    {"primary": "database", "replica": "replica", "rabbitmq": "broker", "redis": "cache"}
)
"""The servers by the names that services have for them."""
STORING = ("auth", "market_data", "orders", "portfolio", "notifications", "recommendations", "chat")
SERVED = (
    *(Link(service, server, SERVERS[server]) for service in STORING for server in SERVERS),
    *(Link("bff", server, SERVERS[server]) for server in ("rabbitmq", "redis")),
)
"""To servers, which are there where they run in containers."""
LINKS = (*OUTSIDE, *DOOR, *WITHIN, *SERVED)

MANIFEST = ServiceManifest(
    name="network",
    title="Network between parts",
    entry="sim.network.app:run",
    kind="simulator",
    ports=("http", *(link.port for link in LINKS)),
)
