"""What lies in a store: full backups of sandboxes by their ids, and what is known of each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO

import msgspec

from tradectl.backup import manifest
from tradectl.backup.failures import absent, damaged
from tradectl.backup.manifest import Manifest
from tradectl.backup.packing import PIECE
from tradectl.backup.retention import Kept
from tradectl.backup.store import Store
from tradectl.errors import ExitCode, TradectlError

FULL = "full"


@dataclass(frozen=True)
class Backup:
    """``verified`` is when it was read back last (wall, microseconds); 0: never."""

    manifest: Manifest
    verified: int = 0

    @property
    def kept(self) -> Kept:
        return Kept(self.manifest.id, self.manifest.taken, self.verified > 0)


def place(sandbox: str, backup: str = "") -> str:
    """Where the objects of a backup lie, or all backups of a sandbox."""
    return f"{FULL}/{sandbox}/{backup}/" if backup else f"{FULL}/{sandbox}/"


@dataclass(frozen=True)
class Shelf:
    """Oldest first; what has no manifest is no backup. ``unreadable``, by their ids, stand in nobody's way."""

    backups: list[Backup]
    unreadable: Mapping[str, TradectlError]


def shelf(store: Store, sandbox: str) -> Shelf:
    """All that there are of a sandbox."""
    keys = [stored.key for stored in store.list(place(sandbox))]
    found, unreadable = list[Backup](), dict[str, TradectlError]()
    for each in (key.split("/")[2] for key in keys if key.endswith(f"/{manifest.NAME}")):
        try:
            found.append(_read(store, sandbox, each, verified=f"{place(sandbox, each)}{manifest.VERIFIED}" in keys))
        except TradectlError as error:
            if error.exit_code is not ExitCode.STATE_UNUSABLE:
                raise
            unreadable[each] = error
    return Shelf(sorted(found, key=lambda backup: backup.manifest.taken), unreadable)


def every(store: Store, sandbox: str) -> list[Backup]:
    """Those that can be read, oldest first."""
    return shelf(store, sandbox).backups


def find(store: Store, sandbox: str, backup: str | None = None) -> Backup:
    """One by its id, else the last one; TradectlError when there is none, or its manifest cannot be read."""
    found = shelf(store, sandbox)
    wanted = [each for each in found.backups if backup is None or each.manifest.id == backup]
    last = _second(wanted[-1].manifest.id) if wanted else ""
    for name in sorted(found.unreadable, reverse=True):
        if name == backup or (backup is None and _second(name) >= last):
            raise found.unreadable[name]
    if not wanted:
        raise absent(f"backup {backup} of sandbox {sandbox}" if backup else f"backup of sandbox {sandbox}", store.name)
    return wanted[-1]


def _second(backup: str) -> str:
    """In which it was taken, as its id has it."""
    return backup.partition("-")[0]


def before(store: Store, sandbox: str, moment: int) -> Backup:
    """The last one that was taken before a moment (wall, microseconds)."""
    found = [each for each in every(store, sandbox) if each.manifest.taken <= moment]
    if not found:
        raise absent(f"backup of sandbox {sandbox} from before that moment", store.name)
    return found[-1]


def unfinished(store: Store, sandbox: str) -> Iterator[str]:
    """Keys of what never came to a manifest."""
    keys = [stored.key for stored in store.list(place(sandbox))]
    whole = {key.rpartition("/")[0] for key in keys if key.endswith(f"/{manifest.NAME}")}
    yield from (key for key in keys if "/".join(key.split("/")[:3]) not in whole)


def read(store: Store, key: str) -> bytes:
    """A small object."""
    whole = bytearray()
    with store.get(key) as stream:
        while piece := stream.read(PIECE):
            whole += piece
    return bytes(whole)


def mark_verified(store: Store, sandbox: str, backup: str, moment: int) -> None:
    store.put(f"{place(sandbox, backup)}{manifest.VERIFIED}", BytesIO(msgspec.json.encode(Mark(moment)) + b"\n"))


def _read(store: Store, sandbox: str, backup: str, *, verified: bool) -> Backup:
    where = place(sandbox, backup)
    found = manifest.decoded(read(store, f"{where}{manifest.NAME}"), f"backup {backup}")
    if found.id != backup:
        raise damaged(f"backup {backup}", f"its manifest is that of {found.id}")
    return Backup(found, _moment(read(store, f"{where}{manifest.VERIFIED}")) if verified else 0)


class Mark(msgspec.Struct):
    """As `mark_verified` writes it."""

    verified: int


def _moment(document: bytes) -> int:
    """One that is not as it was written proves nothing."""
    try:
        return msgspec.json.decode(document, type=Mark).verified
    except (msgspec.DecodeError, UnicodeDecodeError):
        return 0
