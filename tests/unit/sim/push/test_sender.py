"""Who may push: the key that a subscription was made with, proved by a token for this endpoint."""

import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sim.push.device import encoded
from sim.push.sender import ORIGIN, StrangerError, check, is_key

SIGNER, OTHER = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
RFC = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
"""The key of RFC 8292, section 2.4."""


def public(key: EllipticCurvePrivateKey) -> str:
    return encoded(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def header(signer: EllipticCurvePrivateKey = SIGNER, key: str = "", **claims: Any) -> str:
    said = {"aud": ORIGIN, "exp": int(time.time()) + 3_600, "sub": "mailto:us@example.org"} | claims
    said = {name: value for name, value in said.items() if value is not None}
    return f"vapid t={jwt.encode(said, signer, algorithm='ES256')}, k={key or public(SIGNER)}"


def test_who_proves_the_key_may_push() -> None:
    check(header(), public(SIGNER))
    token, _, key = header().removeprefix("vapid ").partition(", ")
    check(f"vapid {key},{token}", public(SIGNER))


def test_a_subscription_for_no_key_takes_pushes_from_anybody_but_a_liar() -> None:
    check("", None)
    check(header(), None)
    with pytest.raises(StrangerError):
        check(header(OTHER), None)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("", 401),
        ("Bearer abc", 401),
        (header(OTHER), 403),
        (header(OTHER, public(OTHER)), 403),
        (header(aud="https://push.example.net"), 403),
        (header(exp=int(time.time()) - 1), 403),
        (header(exp=int(time.time()) + 25 * 3_600), 403),
        (header(exp=None), 403),
        (header(sub=None), 403),
        (f"vapid t=a.b.c, k={public(SIGNER)}", 403),
    ],
)
def test_who_does_not_prove_it_may_not(said: str, status: int) -> None:
    with pytest.raises(StrangerError) as refused:
        check(said, public(SIGNER))
    assert refused.value.status == status


def test_a_key_is_a_point_of_the_curve() -> None:
    assert is_key(RFC)
    assert not any(is_key(text) for text in ("", "AAAA", "é", RFC[:-1], f"BB{RFC[2:]}"))
