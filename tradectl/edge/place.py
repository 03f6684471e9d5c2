"""What differs from place to place: addresses, files, how much is let in. All else of the edge is the same."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field

from tradectl.errors import ExitCode, TradectlError

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Address:
    """A host, by name or number, and a port."""

    host: str
    port: int

    @property
    def is_name(self) -> bool:
        """Whether it has to be looked up, and may then be several."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return True
        return False

    @classmethod
    def parse(cls, text: str) -> "Address":
        """``HOST:PORT``; TradectlError when it is none."""
        host, _, port = text.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 1 << 16:
            raise TradectlError(f"{text} is no address", "HOST:PORT, such as bff:8000", ExitCode.USAGE)
        return cls(host.strip("[]"), int(port))


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The sandbox's stop a runaway loop, not a busy client; times in seconds, sizes in bytes."""

    requests_per_second: int = 10_000
    """Of all clients together, at one Envoy."""
    client_requests_per_second: int = 5_000
    """From one address."""
    clients: int = 10_000
    """Addresses that are counted at a time; who comes back after so many others begins anew."""
    connections: int = 10_000
    body: int = 64 * 1024
    headers_kib: int = 16
    headers: int = 64
    """How many there may be."""
    streams: int = 100
    """Requests side by side on one HTTP/2 connection."""
    request: float = 15.0
    """From a request's first byte to its last, and as long for its answer."""
    attempt: float = 3.0
    """One try of a read: more than the BFF waits for a service, tried twice."""
    retries: int = 2
    """Of a read."""
    socket_silence: float = 60.0
    """Of a WebSocket: four heartbeats."""
    drain: float = 5.0


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an Envoy stands. ``bffs`` are several addresses, or one name that leads to several (a headless Service)."""

    bffs: Sequence[Address]
    grpc: Sequence[Address] = ()
    """The BFFs' gRPC doors; without any there is no gRPC."""
    listen: Address = Address(LOOPBACK, 8443)
    admin: int = 9901
    """A port of loopback, always."""
    metrics: Address = Address(LOOPBACK, 9902)
    """Prometheus and health checks are let in here, and nothing else."""
    certificate: str
    """The file of the server's certificate, and that of its key."""
    key: str
    secret: str
    """Where ``certificate.yaml`` lies, which names these two."""
    otlp: Address | None = None
    """Spans go there by OTLP over gRPC; without it they go nowhere, and still name the trace."""
    proxies: int = 0
    """Load balancers before this one whose word on the client's address is taken."""
    limits: Limits = field(default_factory=Limits)
