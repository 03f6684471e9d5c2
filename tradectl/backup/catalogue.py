"""What lies in a store: full backups of sandboxes by their ids, and what is known of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from tradectl.backup import manifest
from tradectl.backup.failures import absent, damaged
from tradectl.backup.manifest import Manifest
from tradectl.backup.packing import PIECE
from tradectl.backup.retention import Kept
from tradectl.backup.store import Store

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


def every(store: Store, sandbox: str) -> list[Backup]:
    """Oldest first; what has no manifest is no backup."""
    keys = [stored.key for stored in store.list(place(sandbox))]
    ids = [key.split("/")[2] for key in keys if key.endswith(f"/{manifest.NAME}")]
    found = [_read(store, sandbox, each, verified=f"{place(sandbox, each)}{manifest.VERIFIED}" in keys) for each in ids]
    return sorted(found, key=lambda backup: backup.manifest.taken)


def find(store: Store, sandbox: str, backup: str | None = None) -> Backup:
    """One by its id, else the last one; TradectlError when there is none."""
    found = every(store, sandbox)
    wanted = [each for each in found if backup is None or each.manifest.id == backup]
    if not wanted:
        raise absent(f"backup {backup} of sandbox {sandbox}" if backup else f"backup of sandbox {sandbox}", store.name)
    return wanted[-1]


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
    store.put(f"{place(sandbox, backup)}{manifest.VERIFIED}", BytesIO(f'{{"verified": {moment}}}\n'.encode()))


def _read(store: Store, sandbox: str, backup: str, *, verified: bool) -> Backup:
    where = place(sandbox, backup)
    found = manifest.decoded(read(store, f"{where}{manifest.NAME}"), f"backup {backup}")
    if found.id != backup:
        raise damaged(f"backup {backup}", f"its manifest is that of {found.id}")
    return Backup(found, _moment(read(store, f"{where}{manifest.VERIFIED}")) if verified else 0)


def _moment(document: bytes) -> int:
    import msgspec

    return int(msgspec.json.decode(document)["verified"])
