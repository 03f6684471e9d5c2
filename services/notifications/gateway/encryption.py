"""What a browser alone can read: RFC 8291 over RFC 8188 (aes128gcm), in one record."""

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.notifications.domain.endpoints import decoded

RECORD = 4_096
"""Octets of a record at most."""
LAST = b"\x02"
"""Delimits the last record, which is the only one."""


def encrypted(
    payload: bytes, p256dh: str, auth: str, salt: bytes, sender: EllipticCurvePrivateKey | None = None
) -> bytes:
    """The body of a push, from the subscription's keys as browsers write them; salt and sender's key serve once."""
    sender = sender or generate_private_key(SECP256R1())
    browser, secret = decoded(p256dh), decoded(auth)
    shared = sender.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), browser))
    public = sender.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    material = expanded(shared, secret, b"WebPush: info\0" + browser + public, 32)
    key = expanded(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = expanded(material, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD.to_bytes(4, "big") + bytes([len(public)]) + public
    return header + AESGCM(key).encrypt(nonce, payload + LAST, None)


def expanded(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(material)
