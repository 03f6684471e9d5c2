"""The browser's side of a subscription: its keys, and the reading of what was encrypted for them (RFC 8291, 8188).

Written from the RFCs, not from what the platform does: a mistake on either side shows as a push that nobody can read.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePublicKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SALT, SIZE, POINT, SECRET, TAG = 16, 4, 65, 16, 16
"""Octets of a message's salt, of its record size, of an uncompressed point of P-256, of a secret, of a GCM tag."""
HEADER = SALT + SIZE + 1
LAST = b"\x02"
"""Ends the text of the last record; only zeros may follow."""


class UnreadableError(ValueError):
    """What came was not encrypted for this subscription, or not as the RFC says."""


@dataclass(frozen=True)
class Device:
    """``private`` is the number of the private key, ``secret`` the authentication secret."""

    private: int
    secret: bytes

    @classmethod
    def new(cls) -> Self:
        """Keys as a browser makes them for each subscription."""
        return cls(generate_private_key(SECP256R1()).private_numbers().private_value, secrets.token_bytes(SECRET))

    @property
    def p256dh(self) -> bytes:
        """The public key, as an uncompressed point."""
        key = derive_private_key(self.private, SECP256R1()).public_key()
        return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def read(self, body: bytes) -> bytes:
        """The plain text of a message of one record; UnreadableError for anything else."""
        salt, size, length = body[:SALT], int.from_bytes(body[SALT : SALT + SIZE], "big"), body[HEADER - 1 : HEADER]
        sender, record = body[HEADER : HEADER + POINT], body[HEADER + POINT :]
        if length != bytes([POINT]) or len(sender) != POINT:
            raise UnreadableError("the header names no key of the sender's")
        if not TAG < len(record) <= size:
            raise UnreadableError("the body is not one record of the size that it names")
        key, nonce = self._keys(sender, salt)
        try:
            text = AESGCM(key).decrypt(nonce, record, None)
        except InvalidTag as error:
            raise UnreadableError("it was not encrypted for this subscription") from error
        plain, mark, padding = text.rpartition(LAST)
        if not mark or padding.strip(b"\x00"):
            raise UnreadableError("the record is not the last one")
        return plain

    def _keys(self, sender: bytes, salt: bytes) -> tuple[bytes, bytes]:
        """The content's key and nonce."""
        own = derive_private_key(self.private, SECP256R1())
        try:
            shared = own.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), sender))
        except ValueError as error:
            raise UnreadableError("the sender's key is no point of P-256") from error
        material = derived(shared, self.secret, b"WebPush: info\0" + self.p256dh + sender, 32)
        key = derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
        return key, derived(material, salt, b"Content-Encoding: nonce\0", 12)


def derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """HKDF with SHA-256 (RFC 5869)."""
    return HKDF(SHA256(), length, salt, info).derive(material)


def encoded(octets: bytes) -> str:
    """base64url without padding, as Web Push writes everything."""
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """What was written so; ValueError for anything else."""
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
