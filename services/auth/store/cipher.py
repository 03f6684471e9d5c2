"""Secrets of users that auth must read again, and so cannot hash: encrypted by a key that lies in no database."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

OPTION = "totp_key"
NONCE = 12


class Cipher:
    """AES-256-GCM; what is encrypted belongs to its owner and opens for nobody else's row."""

    def __init__(self, key: str) -> None:
        if not key:
            raise ValueError(f"auth needs a key for authenticators' secrets: option {OPTION}")
        self._aes = AESGCM(HKDF(SHA256(), 32, salt=None, info=b"tradectl auth totp").derive(key.encode()))

    def encrypt(self, text: str, owner: str) -> str:
        nonce = secrets.token_bytes(NONCE)
        return urlsafe_b64encode(nonce + self._aes.encrypt(nonce, text.encode(), owner.encode())).decode()

    def decrypt(self, sealed: str, owner: str) -> str:
        """ValueError when it was encrypted with another key, is another owner's, or was altered."""
        whole = urlsafe_b64decode(sealed)
        try:
            return self._aes.decrypt(whole[:NONCE], whole[NONCE:], owner.encode()).decode()
        except InvalidTag:
            raise ValueError(f"a secret of {owner} does not open: {OPTION} is another one, or it was altered") from None
