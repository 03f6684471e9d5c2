"""Certificates as they are made: a local authority that may speak for a few names only, and a server's by it."""

import ipaddress
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS = 5 * 365
SERVER_DAYS = 397
"""No browser takes one that is good for longer."""
CLOCK_SKEW = timedelta(minutes=5)
"""How far behind a client's clock may be."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""What every certificate is for."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def new_key() -> EllipticCurvePrivateKey:
    """P-256, which every client takes."""
    return generate_private_key(SECP256R1())


def make_authority(key: EllipticCurvePrivateKey, name: str, hosts: Sequence[str], now: datetime) -> x509.Certificate:
    """Signs servers of these names and of localhost, and no others: who trusts it trusts it for no other site."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"tradectl local authority {name}")])
    usage = _usage(key_cert_sign=True, crl_sign=True)
    return (
        _begun(subject, subject, key, now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints(list(_permitted(hosts)), None), critical=True)
        .sign(key, SHA256())
    )


def make_server(
    key: EllipticCurvePrivateKey,
    hosts: Sequence[str],
    authority: x509.Certificate,
    authority_key: EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    """For these hosts, names or addresses, and for loopback."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, [*hosts, *LOOPBACK][0])])
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    names = [general(host) for host in dict.fromkeys((*LOOPBACK, *hosts))]
    return (
        _begun(subject, authority.subject, key, now, SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(issuer, critical=False)
        .sign(authority_key, SHA256())
    )


def general(host: str) -> x509.GeneralName:
    """A host as certificates name it; ValueError where it is neither a name nor an address."""
    address = address_of(host)
    return x509.DNSName(host) if address is None else x509.IPAddress(address)


def address_of(host: str) -> Address | None:
    """The address that a host is, None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def hosts_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """The names and addresses that a server's certificate is for."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return tuple(str(each.value) for each in names)


def permits(authority: x509.Certificate, host: str) -> bool:
    """Whether clients will believe what the authority signs for this host."""
    if address_of(host) is not None:
        return True
    permitted = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or ()
    names = [each.value for each in permitted if isinstance(each, x509.DNSName)]
    return any(host == name or host.endswith(f".{name}") for name in names)


def _permitted(hosts: Iterable[str]) -> Iterable[x509.GeneralName]:
    """Names with what lies below them. Addresses are left free: BoringSSL, and so gRPC, takes no bounds of theirs."""
    yield x509.DNSName("localhost")
    for host in hosts:
        if address_of(host) is None and host != "localhost":
            yield x509.DNSName(host.removeprefix("*."))


def _begun(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(**wanted: bool) -> x509.KeyUsage:
    kinds = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    rest = ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{kind: wanted.get(kind, False) for kind in (*kinds, *rest)})
