"""Whether a backup and the logs around it are what was written: every object read back; nothing is put anywhere."""

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tradectl.backup import catalogue, chains, manifest, mysqldump, sqlite
from tradectl.backup.catalogue import Backup, place
from tradectl.backup.chains import Chain
from tradectl.backup.create import DATA
from tradectl.backup.dumping import DUMP
from tradectl.backup.failures import damaged, room_for
from tradectl.backup.manifest import Manifest, Piece
from tradectl.backup.packing import PIECE, Unpacked
from tradectl.backup.store import Store
from tradectl.errors import ExitCode, TradectlError


@dataclass(frozen=True)
class Verified:
    """``rows`` that were counted; ``deep``: in a database that took them; ``logs`` from the backup before it on."""

    backup: Backup
    rows: int
    deep: bool
    seconds: float
    logs: Chain


def verify(store: Store, sandbox: str, key: bytes, backup: str | None = None, *, deep: bool = False) -> Verified:
    """Read a backup back, the last one without an id, and the logs since the one before it.

    TradectlError saying what is wrong. A backup that is whole is marked so, whatever is wrong with logs.
    """
    began = time.monotonic()
    found = catalogue.find(store, sandbox, backup)
    manifest.check(found.manifest, key)
    rows = 0
    for piece in found.manifest.pieces:
        with room_for(tempfile.gettempdir()), tempfile.TemporaryDirectory(prefix="tradectl-verify-") as folder:
            file = Path(folder) / "piece"
            unpack(store, found.manifest, piece, key, file)
            rows += sum(_counted(found.manifest, piece, file).values())
            if deep and piece.name == DUMP:
                from tradectl.backup.trial import tried

                compare(piece, tried(file, found.manifest))
    moment = time.time_ns() // 1_000
    catalogue.mark_verified(store, sandbox, found.manifest.id, moment)
    tried_out = deep and any(piece.name == DUMP for piece in found.manifest.pieces)
    logs = chains.verify(store, key, _linked(store, found), moment)
    return Verified(Backup(found.manifest, moment), rows, tried_out, time.monotonic() - began, logs)


def _linked(store: Store, found: Backup) -> list[Manifest]:
    """Those whose logs are looked at: a backup, the one before it and all after it."""
    every = [each.manifest for each in catalogue.every(store, found.manifest.sandbox)]
    place = next(number for number, made in enumerate(every) if made.id == found.manifest.id)
    return every[max(0, place - 1) :]


def unpack(store: Store, made: Manifest, piece: Piece, key: bytes, file: Path) -> None:
    """Into a file, for its owner alone; TradectlError when one byte of the object is not what was written."""
    name = f"{place(made.sandbox, made.id)}{piece.name}"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600)
    with store.get(name) as stream, file.open("wb") as out:
        unpacked = Unpacked(stream, key, name)
        while part := unpacked.read(PIECE):
            out.write(part)
    if unpacked.digest != piece.sha256 or unpacked.size != piece.plain:
        raise damaged(name, "it is another than the one that its manifest names")


def _counted(made: Manifest, piece: Piece, file: Path) -> Mapping[str, int]:
    """The rows that are in it, which are as many as were written."""
    if piece.name == DUMP:
        dumped = mysqldump.Dumped()
        with file.open("rb") as source:
            while part := source.read(PIECE):
                dumped.see(part)
        if not dumped.whole or dumped.gtid != made.gtid:
            raise damaged(piece.name, "the dump is not whole")
        return compare(piece, dumped.rows)
    if piece.name.startswith(DATA):
        return compare(piece, sqlite.check(file, piece.name))
    return {}


def compare(piece: Piece, rows: Mapping[str, int]) -> Mapping[str, int]:
    """TradectlError naming the first table that has other rows than the manifest says."""
    for table in sorted(piece.rows.keys() | rows.keys()):
        wanted, counted = piece.rows.get(table, 0), rows.get(table, 0)
        if wanted != counted:
            said = f"{piece.name}: {table} has {counted} rows, the manifest says {wanted}"
            raise TradectlError(said, "`tradectl backup list` shows the others", ExitCode.STATE_UNUSABLE)
    return rows
