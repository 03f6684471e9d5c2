"""What a restore is made of, fetched and checked before anything is touched."""

from pathlib import Path
from typing import TYPE_CHECKING

from tradectl.backup import binlog, events, logs
from tradectl.backup.dumping import DUMP, EVENTS
from tradectl.backup.failures import damaged
from tradectl.backup.gtids import Gtids
from tradectl.backup.logs import Segment
from tradectl.backup.manifest import Manifest
from tradectl.backup.packing import PIECE, Unpacked
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
        piece = _opened(store, key, segment)
        with file.open("r+b") as out:
            out.seek(segment.start)
            out.write(piece)
        reading.see(segment, piece)
        if until is not None and reading.reached > until:
            break
    return files


def _opened(store: Store, key: bytes, segment: Segment) -> bytes:
    with store.get(segment.key) as stream:
        unpacked = Unpacked(stream, key, segment.key)
        return b"".join(iter(lambda: unpacked.read(PIECE), b""))


class Reading:
    """Sees logs in their order; ``reached`` is when the last transaction of them was committed (wall, microseconds)."""

    def __init__(self, has: Gtids) -> None:
        self.reached = 0
        self._has = has

    def see(self, segment: Segment, piece: bytes) -> None:
        """TradectlError when transactions are missing from before a log, which names all that came before it."""
        for event in binlog.events(piece, segment.start):
            if event.kind == binlog.GTID:
                self.reached = max(self.reached, event.committed)
                server, number = event.transaction
                self._has.add(server, number, number + 1)
            elif event.kind == binlog.PREVIOUS and (missing := self._has.missing(event.before)):
                raise damaged(f"the log before {segment.file}", f"transactions {missing} were never shipped")
