"""A local authority: what it signs is believed for its own hosts, and for no other."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from tradectl.certs.authority import SERVER_DAYS, hosts_of, make_authority, make_server, new_key, permits

NOW = datetime(2024, 8, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def made() -> tuple[x509.Certificate, x509.Certificate]:
    """Authority and server."""
    key, other = new_key(), new_key()
    authority = make_authority(key, "test", ["trade.example", "10.0.0.7"], NOW)
    return authority, make_server(other, ["trade.example", "10.0.0.7"], authority, key, NOW)


@pytest.mark.parametrize("host", ["localhost", "trade.example"])
def test_clients_believe_it_for_its_hosts(made: tuple[x509.Certificate, x509.Certificate], host: str) -> None:
    verifier = PolicyBuilder().store(Store([made[0]])).time(NOW).build_server_verifier(x509.DNSName(host))
    assert verifier.verify(made[1], [])[0] == made[1]


@pytest.mark.parametrize(("host", "after"), [("elsewhere.example", 0), ("trade.example", SERVER_DAYS + 1)])
def test_not_for_others_and_not_for_ever(
    made: tuple[x509.Certificate, x509.Certificate], host: str, after: int
) -> None:
    moment = NOW + timedelta(days=after)
    verifier = PolicyBuilder().store(Store([made[0]])).time(moment).build_server_verifier(x509.DNSName(host))
    with pytest.raises(VerificationError):
        verifier.verify(made[1], [])


def test_the_servers_certificate_names_loopback_and_its_hosts(
    made: tuple[x509.Certificate, x509.Certificate],
) -> None:
    assert hosts_of(made[1]) == ("localhost", "127.0.0.1", "::1", "trade.example", "10.0.0.7")


@pytest.mark.parametrize(
    ("host", "may"),
    [
        ("localhost", True),
        ("127.3.2.1", True),
        ("::1", True),
        ("trade.example", True),
        ("www.trade.example", True),
        ("10.0.0.7", True),
        ("10.0.0.8", True),
        ("example", False),
        ("nottrade.example", False),
    ],
)
def test_the_authority_speaks_for_few(made: tuple[x509.Certificate, x509.Certificate], host: str, may: bool) -> None:
    assert permits(made[0], host) is may


def test_its_bounds_are_of_names_because_grpc_takes_no_others(
    made: tuple[x509.Certificate, x509.Certificate],
) -> None:
    bounds = made[0].extensions.get_extension_for_class(x509.NameConstraints)
    assert bounds.critical
    assert [each.value for each in bounds.value.permitted_subtrees or ()] == ["localhost", "trade.example"]


def test_openssl_loads_the_authority(made: tuple[x509.Certificate, x509.Certificate]) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    context = ssl.create_default_context(cadata=made[0].public_bytes(Encoding.PEM).decode())
    assert context.cert_store_stats()["x509_ca"] == 1
