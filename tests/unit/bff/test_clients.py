"""Whose request it is."""

import pytest

from services.bff.domain.clients import OUTSIDE, Proxies

ENVOY, CLIENT = "172.20.0.5", "203.0.113.9"
INGRESSES = Proxies(["172.16.0.0/12", "127.0.0.1"])


def forwarded(text: str) -> list[tuple[bytes, bytes]]:
    return [(b"host", b"x"), (b"x-forwarded-for", text.encode())]


@pytest.mark.parametrize(
    ("peer", "text", "client"),
    [
        (ENVOY, CLIENT, CLIENT),
        (ENVOY, f"10.0.0.1, {CLIENT}", CLIENT),
        (ENVOY, "2001:db8::7", "2001:db8::7"),
        (ENVOY, "somebody", ENVOY),
        (ENVOY, "", ENVOY),
        (CLIENT, "10.0.0.1", CLIENT),
        (OUTSIDE, "10.0.0.1", OUTSIDE),
        ("2001:db8::1", "10.0.0.1", "2001:db8::1"),
    ],
)
def test_an_ingress_is_believed_and_nobody_else(peer: str, text: str, client: str) -> None:
    assert INGRESSES.client(peer, forwarded(text)) == client


def test_without_networks_nobody_is_believed() -> None:
    assert Proxies([]).client(ENVOY, forwarded(CLIENT)) == ENVOY
    assert Proxies([]).client(None, []) == OUTSIDE
    assert INGRESSES.client(ENVOY, []) == ENVOY


def test_what_is_no_network_is_refused() -> None:
    with pytest.raises(ValueError, match="ingress"):
        Proxies(["ingress"])
