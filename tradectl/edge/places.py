"""Places that are known beforehand: compose's containers, and what the command line describes."""

from collections.abc import Sequence

from tradectl.edge.envoy import CERTIFICATE
from tradectl.edge.place import Address, Place

EVERYWHERE = "0.0.0.0"  # noqa: S104 (of the container; compose publishes it on loopback)
LISTEN, METRICS = Address(EVERYWHERE, 8443), Address(EVERYWHERE, 9902)
MOUNTED, CERTIFICATES = "/etc/envoy", "/certs"
BFFS = ("bff.me", "bff-2.me")
"""The two in compose, by the names that they listen at."""
HTTP, GRPC = 8000, 8001


def contained(
    *,
    bffs: Sequence[Address] = (),
    grpc: Sequence[Address] = (),
    listen: Address = LISTEN,
    metrics: Address = METRICS,
    certificates: str = CERTIFICATES,
    mounted: str = MOUNTED,
    otlp: Address | None = None,
    proxies: int = 0,
) -> Place:
    """An Envoy in a container: before compose's BFFs unless others are named; folders are as it sees them."""
    return Place(
        bffs=bffs or [Address(host, HTTP) for host in BFFS],
        grpc=grpc if bffs else grpc or [Address(host, GRPC) for host in BFFS],
        listen=listen,
        metrics=metrics,
        certificate=f"{certificates}/server.pem",
        key=f"{certificates}/server.key",
        secret=f"{mounted}/{CERTIFICATE}",
        otlp=otlp if bffs else otlp or Address("jaeger", 4317),
        proxies=proxies,
    )
