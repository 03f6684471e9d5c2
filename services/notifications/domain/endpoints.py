"""Where pushes may go, and the keys that a subscription brings; nothing else is ever asked by us."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HOSTS = {"push.sandbox": "push.http"}
"""Hosts that an endpoint may name, and the peer behind each: the name is looked up here, never by a resolver."""
POINT, SECRET = 65, 16
"""Octets of an uncompressed point of P-256 and of an authentication secret."""
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of P-256: private keys lie below it."""


def is_allowed(endpoint: str) -> bool:
    """Whether it is an address of a push service that we know, and nothing but an address."""
    try:
        parts = urlsplit(endpoint)
        host = parts.netloc
    except ValueError:
        return False
    plain = endpoint.isascii() and endpoint.isprintable() and " " not in endpoint and "\\" not in endpoint
    bare = not parts.query and not parts.fragment and ".." not in parts.path and len(parts.path) > 1
    return plain and bare and parts.scheme == "https" and host in HOSTS


def is_public_key(text: str) -> bool:
    """Whether it is a browser's ``p256dh``."""
    try:
        point = decoded(text)
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except ValueError:
        return False
    return len(point) == POINT


def is_secret(text: str) -> bool:
    """Whether it is a browser's ``auth``."""
    try:
        return len(decoded(text)) == SECRET
    except ValueError:
        return False


def private_key(text: str) -> EllipticCurvePrivateKey:
    """The key that was written so."""
    return derive_private_key(int.from_bytes(decoded(text), "big"), SECP256R1())


def public_key(private: str) -> str:
    """The public half, as browsers take it (``applicationServerKey``)."""
    point = private_key(private).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return encoded(point)


def encoded(octets: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """What was written so, with or without padding; ValueError for anything else."""
    if not text.isascii() or not text.replace("-", "").replace("_", "").rstrip("=").isalnum():
        raise ValueError("no base64url")
    bare = text.rstrip("=")
    return urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
