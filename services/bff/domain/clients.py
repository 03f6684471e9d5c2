"""Whose request it is: the address at the other end, or the one that an ingress there has written down."""

import ipaddress
from collections.abc import Iterable

FORWARDED = b"x-forwarded-for"
OUTSIDE = "unknown"


class Proxies:
    """Networks of ingresses whose word on their client is taken; ValueError for what is no network."""

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = tuple(ipaddress.ip_network(each) for each in networks)

    def client(self, peer: str | None, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """What the nearest ingress wrote, which is the last: all before it may be made up by the client."""
        if peer is None or not self._trusts(peer):
            return peer or OUTSIDE
        written = [value for name, value in headers if name == FORWARDED]
        last = written[-1].decode("latin-1").rpartition(",")[2].strip() if written else ""
        return last if _address(last) else peer

    def _trusts(self, peer: str) -> bool:
        address = _address(peer) if self._networks else None
        return address is not None and any(address in network for network in self._networks)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
