"""What is written of a backup last: without it there is no backup."""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec

from tradectl.backup.failures import damaged, wrong_key
from tradectl.backup.sealing import digest_key, mark

FORM = 1
NAME, VERIFIED = "manifest.json", "verified.json"


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """An object: its sealed size and SHA-256, the size of what is in it, and for a dump or database rows by table."""

    name: str
    size: int
    sha256: str
    plain: int
    rows: dict[str, int] = {}


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """``taken`` is wall time in microseconds; ``seal`` a HMAC over all else."""

    form: int = FORM
    id: str
    sandbox: str
    backend: str
    taken: int
    seconds: float
    tradectl: str
    schema: dict[str, str]
    settings: dict[str, Any]
    pieces: list[Piece]
    gtid: str = ""
    """What the dump has of the primary's transactions; none of an embedded sandbox."""
    log: str = ""
    """The binary log in which what follows the dump begins."""
    server: str = ""
    """The primary's UUID."""
    key: str = ""
    seal: str = ""

    @property
    def size(self) -> int:
        """Bytes in the store."""
        return sum(piece.size for piece in self.pieces)

    @property
    def rows(self) -> Mapping[str, int]:
        """By piece and table."""
        return {f"{piece.name}:{table}": count for piece in self.pieces for table, count in piece.rows.items()}

    def piece(self, name: str) -> Piece:
        return next(piece for piece in self.pieces if piece.name == name)


def sealed(manifest: Manifest, key: bytes) -> Manifest:
    """With the mark of its key, and the seal."""
    marked = msgspec.structs.replace(manifest, key=mark(key).hex(), seal="")
    return msgspec.structs.replace(marked, seal=_seal(marked, key))


def check(manifest: Manifest, key: bytes) -> None:
    """TradectlError when it is of another key, or is not what was written."""
    name = f"backup {manifest.id}"
    if manifest.key != mark(key).hex():
        raise wrong_key(name)
    if not hmac.compare_digest(manifest.seal, _seal(msgspec.structs.replace(manifest, seal=""), key)):
        raise damaged(name, "its manifest is not as it was written")


def encoded(manifest: Manifest) -> bytes:
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def decoded(document: bytes, name: str) -> Manifest:
    """TradectlError when it is no manifest, or of a tradectl that is newer."""
    try:
        found = msgspec.json.decode(document, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise damaged(name, f"its manifest cannot be read: {error}") from error
    if found.form != FORM:
        raise damaged(name, f"its manifest has form {found.form}, this tradectl knows {FORM}")
    return found


def _seal(manifest: Manifest, key: bytes) -> str:
    return hmac.new(digest_key(key), msgspec.json.encode(manifest, order="deterministic"), sha256).hexdigest()
