"""Shipped logs read back in their order: what no store and no shipper may have changed, left out or mixed."""

from tradectl.backup import binlog
from tradectl.backup.failures import damaged
from tradectl.backup.gtids import Gtids
from tradectl.backup.logs import Segment
from tradectl.backup.packing import PIECE, Unpacked
from tradectl.backup.store import Store


def opened(store: Store, key: bytes, segment: Segment) -> bytes:
    """A piece as it was shipped; TradectlError for another key, and when one byte of it is another."""
    with store.get(segment.key) as stream:
        unpacked = Unpacked(stream, key, segment.key)
        piece = b"".join(iter(lambda: unpacked.read(PIECE), b""))
    if len(piece) != segment.end - segment.start:
        raise damaged(segment.key, f"{len(piece)} bytes are in it")
    return piece


class Reading:
    """Sees logs in their order; ``reached`` is when the last whole transaction was committed (wall, microseconds)."""

    def __init__(self, has: Gtids) -> None:
        self.reached = 0
        self.transactions = 0
        self.has = has
        self._begun: binlog.Event | None = None
        self._summed = False
        """Whether the events of this log end with a checksum of the server's."""

    def see(self, segment: Segment, piece: bytes) -> None:
        """TradectlError when transactions are missing from before a log, which names all that came before it."""
        try:
            for event in binlog.events(piece, segment.start):
                self._see(segment, event)
        except ValueError as error:
            raise damaged(segment.key, str(error)) from error
        self._end_before(segment.end)

    def _see(self, segment: Segment, event: binlog.Event) -> None:
        if event.kind == binlog.FORMAT:
            self._begun, self._summed = None, event.summed
        if self._summed and not event.sound:
            raise damaged(segment.key, "an event is not as the server wrote it")
        if event.kind == binlog.GTID:
            self._end_before(event.start)
            self._begun = event
        elif event.kind == binlog.PREVIOUS and (missing := self.has.missing(event.before)):
            raise damaged(f"the log before {segment.file}", f"transactions {missing} were never shipped")

    def _end_before(self, place: int) -> None:
        """A transaction is there when all of it is: pieces end with events, not with transactions."""
        begun = self._begun
        if begun is None or place < begun.ends:
            return
        server, number = begun.transaction
        self.has.add(server, number, number + 1)
        self.reached = max(self.reached, begun.committed)
        self.transactions += 1
        self._begun = None
