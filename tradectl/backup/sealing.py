"""A stream sealed in frames: what was altered, cut off, mixed or put elsewhere is found before it is used.

    header  magic 8, salt 32, the key's mark 8
    frame   length 4, sealed bytes; the last one, which may be empty, has the highest bit of its length set

Each object has a key of its own, drawn from the master key and the salt (HKDF-SHA256). A frame is AES-256-GCM under its
number and whether it is the last; header and the object's name are authenticated with it.
"""

import hashlib
import secrets
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tradectl.backup.failures import damaged, wrong_key

MAGIC = b"TRADEBK1"
SALT, MARK, TAG = 32, 8, 16
HEADER = len(MAGIC) + SALT + MARK
FRAME = 1 << 20
"""Bytes of what is sealed together."""
LAST = 1 << 31


class Readable(Protocol):
    """Any source of bytes; no bytes are its end."""

    def read(self, size: int, /) -> bytes: ...


def mark(key: bytes) -> bytes:
    """Tells keys apart and says nothing of them."""
    return HKDF(SHA256(), MARK, salt=None, info=b"tradectl backup mark").derive(key)


def digest_key(key: bytes) -> bytes:
    """For what is not secret and must not be altered."""
    return HKDF(SHA256(), 32, salt=None, info=b"tradectl backup manifest").derive(key)


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=salt, info=b"tradectl backup object").derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class Sealing:
    """Reads as the sealed stream of a source; knows its own size and digest when it has been read to its end."""

    def __init__(self, source: Readable, key: bytes, name: str) -> None:
        salt = secrets.token_bytes(SALT)
        self._source = source
        self._header = MAGIC + salt + mark(key)
        self._cipher = _cipher(key, salt)
        self._about = self._header + name.encode()
        self._ready = bytearray(self._header)
        self._ahead = b""
        self._number = 0
        self._ended = False
        self._hash = hashlib.sha256()
        self.size = 0

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def read(self, size: int = -1, /) -> bytes:
        """So many bytes, fewer at the end alone."""
        while not self._ended and (size < 0 or len(self._ready) < size):
            self._frame()
        taken = bytes(self._ready if size < 0 else self._ready[:size])
        del self._ready[: len(taken)]
        self._hash.update(taken)
        self.size += len(taken)
        return taken

    def _frame(self) -> None:
        """Whether a frame is the last is known when nothing comes after it."""
        if self._number == 0:
            self._ahead = _exactly(self._source, FRAME)
        plain, self._ahead = self._ahead, _exactly(self._source, FRAME)
        last = not self._ahead
        sealed = self._cipher.encrypt(_nonce(self._number, last=last), plain, self._about)
        self._ready += (len(sealed) | (LAST if last else 0)).to_bytes(4, "big") + sealed
        self._number += 1
        self._ended = last


class Opening:
    """Reads as what was sealed; TradectlError for another key, and at the first byte that is not as it was."""

    def __init__(self, source: Readable, key: bytes, name: str) -> None:
        self._name = name
        self._hash = hashlib.sha256()
        self._source = source
        header = self._take(HEADER)
        if len(header) < HEADER or not header.startswith(MAGIC):
            raise damaged(name, "it does not begin as a backup does")
        if header[-MARK:] != mark(key):
            raise wrong_key(name)
        self._cipher = _cipher(key, header[len(MAGIC) : -MARK])
        self._about = header + name.encode()
        self._ready = bytearray()
        self._number = 0
        self._ended = False

    @property
    def digest(self) -> str:
        """Of the sealed bytes read so far."""
        return self._hash.hexdigest()

    def read(self, size: int = -1, /) -> bytes:
        while not self._ended and (size < 0 or len(self._ready) < size):
            self._frame()
        taken = bytes(self._ready if size < 0 else self._ready[:size])
        del self._ready[: len(taken)]
        return taken

    def _frame(self) -> None:
        word = int.from_bytes(self._whole(4), "big")
        last, length = bool(word & LAST), word & (LAST - 1)
        if not TAG <= length <= FRAME + TAG:
            raise damaged(self._name, f"frame {self._number} is not as it was written")
        try:
            self._ready += self._cipher.decrypt(_nonce(self._number, last=last), self._whole(length), self._about)
        except InvalidTag:
            raise damaged(self._name, f"frame {self._number} is not as it was written") from None
        self._number += 1
        self._ended = last
        if last and self._take(1):
            raise damaged(self._name, "something follows its end")

    def _whole(self, size: int) -> bytes:
        found = self._take(size)
        if len(found) < size:
            raise damaged(self._name, "its end is missing")
        return found

    def _take(self, size: int) -> bytes:
        found = _exactly(self._source, size)
        self._hash.update(found)
        return found


def _exactly(source: Readable, size: int) -> bytes:
    """So many bytes, unless the source ends before."""
    found = source.read(size)
    while found and len(found) < size:
        more = source.read(size - len(found))
        if not more:
            break
        found += more
    return found
