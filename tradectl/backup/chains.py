"""Whether every moment after a backup can be reached: the shipped logs read back, to their end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.contracts.times import rfc3339
from tradectl.backup import logs
from tradectl.backup.failures import damaged
from tradectl.backup.gtids import Gtids
from tradectl.backup.manifest import Manifest
from tradectl.backup.reading import Reading, opened
from tradectl.backup.store import Store
from tradectl.errors import ExitCode, TradectlError

LATE = 60_000_000
"""Microseconds after which what is not yet in the store is missing from it, as for the alert."""
HINT = "`tradectl backup create` begins a new chain; `tradectl backup restore --at` reaches moments before the gap"


@dataclass(frozen=True)
class Chain:
    """Pieces of logs that follow each other without a gap; ``until`` is when their last transaction was committed."""

    pieces: int = 0
    bytes: int = 0
    transactions: int = 0
    until: int = 0

    def __add__(self, other: "Chain") -> "Chain":
        return Chain(
            self.pieces + other.pieces,
            self.bytes + other.bytes,
            self.transactions + other.transactions,
            max(self.until, other.until),
        )


def verify(store: Store, key: bytes, backups: Iterable[Manifest], now: int) -> Chain:
    """The logs from the first of these backups, oldest first, to their end; TradectlError that names a gap.

    Each server has a chain of its own: after a restore the primary is another one.
    """
    found, servers = Chain(), dict[str, list[Manifest]]()
    for made in backups:
        if made.log:
            servers.setdefault(made.server, []).append(made)
    for linked in servers.values():
        found += _of_server(store, key, linked, now)
    return found


def _of_server(store: Store, key: bytes, linked: Sequence[Manifest], now: int) -> Chain:
    first, length, pieces = linked[0], 0, 0
    reading = Reading(Gtids(first.gtid))
    try:
        for segment in logs.chain(logs.every(store, first.sandbox, first.server), first.log):
            reading.see(segment, opened(store, key, segment))
            pieces, length = pieces + 1, length + segment.end - segment.start
        if pieces:
            _check_linked(reading, linked, now)
    except TradectlError as error:
        if error.exit_code is not ExitCode.STATE_UNUSABLE:
            raise
        last = rfc3339(reading.reached or first.taken)
        said = f"{error.message}; from backup {first.id} on no moment after {last} can be reached"
        raise TradectlError(said, HINT, ExitCode.STATE_UNUSABLE) from error
    return Chain(pieces, length, reading.transactions, reading.reached)


def _check_linked(reading: Reading, linked: Sequence[Manifest], now: int) -> None:
    """What a later dump has is in the logs up to it, once the shipper has had its time."""
    for made in linked:
        missing = reading.has.missing(Gtids(made.gtid).ranges)
        if missing and made.taken < now - LATE:
            raise damaged(f"the log before backup {made.id}", f"transactions {missing} were never shipped")
