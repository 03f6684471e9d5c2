"""The form of a binary log, as far as a copy needs it: where an event ends, which transactions there are, and when."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

MAGIC = b"\xfebin"
HEADER = 19
KIND, LENGTH, FLAGS = 4, 9, 17
"""Where in it the event's kind stands, one byte, its length, four, and its flags, two."""
FORMAT, GTID, PREVIOUS = 15, 33, 35
"""Kinds: what this log is like; a transaction begins, so named; all that were executed before this log."""
IN_USE = 1
"""A flag of FORMAT that comes and goes; the checksum is without it."""
CRC = 4
"""Bytes of a checksum, which in FORMAT the kind of all checksums stands before."""
COMMITTED = 42
"""Where a GTID has its moment, seven bytes; their highest bit says that another server's follows."""
PACKED = {252: 2, 253: 3, 254: 8}
"""By its first byte, in how many more a number stands; else it is that byte."""
TAGGED = 7
"""The byte of a set's begin that is not nought where names have tags, which this platform gives none."""


@dataclass(frozen=True)
class Event:
    """``start`` is its place in the log; ``body`` ends with a checksum, where the log has such."""

    kind: int
    start: int
    header: bytes
    body: bytes

    @property
    def sound(self) -> bool:
        """Whether it is what its checksum says."""
        flags = bytes([self.header[FLAGS] & ~IN_USE]) if self.kind == FORMAT else self.header[FLAGS : FLAGS + 1]
        counted = self.header[:FLAGS] + flags + self.header[FLAGS + 1 :] + self.body[:-CRC]
        return zlib.crc32(counted) == _number(self.body, len(self.body) - CRC, CRC)

    @property
    def told(self) -> bytes:
        """What it is wherever it lies: without the flag that comes and goes."""
        return self.header[:FLAGS] + bytes([self.header[FLAGS] & ~IN_USE]) + self.header[FLAGS + 1 :] + self.body

    @property
    def summed(self) -> bool:
        """Of FORMAT: whether all events of this log end with a CRC32."""
        return self.body[-CRC - 1] == 1

    @property
    def transaction(self) -> tuple[str, int]:
        """Of a GTID: the server's UUID and the number."""
        return str(UUID(bytes=self.body[1:17])), _number(self.body, 17)

    @property
    def committed(self) -> int:
        """Of a GTID: when, on the server where it was first (wall, microseconds)."""
        here = _number(self.body, COMMITTED, 7)
        return _number(self.body, COMMITTED + 7, 7) if here >> 55 else here

    @property
    def ends(self) -> int:
        """Of a GTID: where in the log its transaction ends, of which this event is the first."""
        place = COMMITTED + (14 if _number(self.body, COMMITTED, 7) >> 55 else 7)
        size = PACKED.get(self.body[place])
        return self.start + (_number(self.body, place + 1, size) if size else self.body[place])

    @property
    def before(self) -> dict[str, list[tuple[int, int]]]:
        """Of PREVIOUS: ranges by UUID, each with its end excluded."""
        if self.body[TAGGED]:
            return {}
        found, place = dict[str, list[tuple[int, int]]](), 8
        for _ in range(_number(self.body, 0)):
            server, count = str(UUID(bytes=self.body[place : place + 16])), _number(self.body, place + 16)
            place += 24
            found[server] = [
                (_number(self.body, at), _number(self.body, at + 8)) for at in range(place, place + 16 * count, 16)
            ]
            place += 16 * count
        return found


def same(one: bytes, other: bytes) -> bool:
    """Whether two pieces may be the begin of one log: as far as both go, event for event.

    The first event tells in which second a log was begun; of two of one second a transaction tells, by its microsecond.
    """
    return all(this.told == that.told for this, that in zip(events(one, 0), events(other, 0), strict=False))


def events(piece: bytes, start: int) -> Iterator[Event]:
    """The whole ones in this piece of a log, which begins at ``start``; ValueError when it is no such piece."""
    place = len(MAGIC) if start == 0 else 0
    end = whole(piece, start)
    while place < end:
        length = _number(piece, place + LENGTH, 4)
        header, body = piece[place : place + HEADER], piece[place + HEADER : place + length]
        yield Event(header[KIND], start + place, header, body)
        place += length


def whole(piece: bytes, start: int) -> int:
    """How many bytes of this piece of a log, which begins at ``start``, are whole events.

    ValueError when it is no such piece: an event cannot be shorter than its own header.
    """
    place = len(MAGIC) if start == 0 else 0
    if len(piece) < place:
        return 0
    if start == 0 and not piece.startswith(MAGIC):
        raise ValueError("no binary log begins so")
    while len(piece) - place >= HEADER:
        length = _number(piece, place + LENGTH, 4)
        if length < HEADER:
            raise ValueError(f"an event of {length} bytes at {start + place}")
        if place + length > len(piece):
            break
        place += length
    return place


def _number(piece: bytes, place: int, size: int = 8) -> int:
    return int.from_bytes(piece[place : place + size], "little")
