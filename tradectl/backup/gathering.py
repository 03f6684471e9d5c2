"""What a restore is made of, fetched and checked before anything is touched."""

from pathlib import Path
from typing import TYPE_CHECKING

from tradectl.backup import events, logs
from tradectl.backup.dumping import DUMP, EVENTS
from tradectl.backup.gtids import Gtids
from tradectl.backup.manifest import Manifest
from tradectl.backup.reading import Reading, opened
from tradectl.backup.replacing import Material
from tradectl.backup.store import Store
from tradectl.backup.verify import unpack

if TYPE_CHECKING:
    from tradectl.backup.restore import Wanted


def gathered(store: Store, key: bytes, made: Manifest, folder: Path, wanted: "Wanted") -> Material:
    """The dump, and the logs after it unless the backup alone is wanted, as files; each byte checked."""
    unpack(store, made, made.piece(DUMP), key, folder / DUMP)
    unpack(store, made, made.piece(EVENTS), key, folder / EVENTS)
    alone = wanted.backup is not None and wanted.at is None
    found = [] if alone else _logs(store, key, made, folder, wanted.at)
    again = events.decoded((folder / EVENTS).read_bytes())
    return Material(folder / DUMP, made.gtid, again, found, wanted.at)


def _logs(store: Store, key: bytes, made: Manifest, folder: Path, until: int | None) -> list[Path]:
    """Files, as far as a moment needs them: what is wrong with what came later is nobody's affair."""
    files, reading = list[Path](), Reading(Gtids(made.gtid))
    for segment in logs.chain(logs.every(store, made.sandbox, made.server), made.log):
        file = folder / segment.file
        if file not in files:
            file.touch(mode=0o600)
            files.append(file)
        piece = opened(store, key, segment)
        with file.open("r+b") as out:
            out.seek(segment.start)
            out.write(piece)
        reading.see(segment, piece)
        if until is not None and reading.reached > until:
            break
    return files
