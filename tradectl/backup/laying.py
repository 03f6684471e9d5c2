"""One backup as it is being made: pieces go into the store, the manifest last; what breaks off leaves nothing."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from tradectl.backup import manifest
from tradectl.backup.catalogue import place
from tradectl.backup.manifest import Manifest, Piece
from tradectl.backup.packing import Tapped, packed
from tradectl.backup.sealing import Readable
from tradectl.backup.store import LockedError, Store
from tradectl.errors import TradectlError
from tradectl.stack.snapshots.document import release, schema

Rows = Callable[[], Mapping[str, int]]
DAY = 86_400
"""Seconds."""


def _none() -> Mapping[str, int]:
    return {}


@dataclass
class Laying:
    """``name`` is the sandbox's, ``keep`` how many days the store is asked to lock what is laid into it."""

    name: str
    backend: str
    settings: Mapping[str, Any]
    store: Store
    key: bytes
    keep: int | None = None
    taken: int = field(default_factory=lambda: time.time_ns() // 1_000)
    pieces: list[Piece] = field(default_factory=list)
    gtid: str = ""
    log: str = ""
    server: str = ""

    def __post_init__(self) -> None:
        moment = datetime.fromtimestamp(self.taken / 1_000_000, UTC)
        self.id = f"{moment:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"

    @property
    def where(self) -> str:
        return place(self.name, self.id)

    @property
    def _until(self) -> int | None:
        return None if self.keep is None else self.taken // 1_000_000 + self.keep * DAY

    def lay(self, name: str, source: Readable, rows: Rows = _none) -> None:
        """Put a piece; its rows are asked for when it has passed."""
        plain = Tapped(source, lambda _: None)
        sealed = packed(plain, self.key, f"{self.where}{name}")
        self.store.put(f"{self.where}{name}", sealed, self._until)
        piece = Piece(name=name, size=sealed.size, sha256=sealed.digest, plain=plain.size, rows=dict(rows()))
        self.pieces.append(piece)

    def finish(self, seconds: float) -> Manifest:
        """Now it is a backup."""
        made = Manifest(
            id=self.id,
            sandbox=self.name,
            backend=self.backend,
            taken=self.taken,
            seconds=round(seconds, 3),
            tradectl=release(),
            schema=schema(),
            settings=dict(self.settings),
            pieces=self.pieces,
            gtid=self.gtid,
            log=self.log,
            server=self.server,
        )
        document = manifest.encoded(manifest.sealed(made, self.key))
        self.store.put(f"{self.where}{manifest.NAME}", BytesIO(document), self._until)
        return manifest.decoded(document, self.id)

    @contextmanager
    def undone_on_failure(self) -> Iterator[None]:
        """Remove what was laid, as far as the store is there to do it; `prune` removes the rest."""
        try:
            yield
        except BaseException:
            with suppress(TradectlError, LockedError):
                for stored in self.store.list(self.where):
                    self.store.remove(stored.key)
            raise
