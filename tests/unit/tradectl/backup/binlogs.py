"""Binary logs as a server writes them, of two transactions each, and what lies beside them in a store."""

import zlib
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

from tradectl.backup.binlog import FORMAT, GTID, HEADER, MAGIC, PREVIOUS
from tradectl.backup.logs import Segment
from tradectl.backup.manifest import Manifest
from tradectl.backup.packing import packed
from tradectl.backup.store import Store

SERVER = "00000000-0000-0000-0000-0000000000aa"
XID = 16
SECOND = 1_000_000


def number(value: int, size: int = 8) -> bytes:
    return value.to_bytes(size, "little")


def event(kind: int, body: bytes, flags: int = 0) -> bytes:
    """With a checksum, which is without the flag that comes and goes."""
    header = bytes(4) + bytes([kind]) + bytes(4) + number(HEADER + len(body) + 4, 4) + bytes(4)
    return header + number(flags, 2) + body + number(zlib.crc32(header + bytes(2) + body), 4)


@dataclass(frozen=True)
class Log:
    """The nth of a server, with the transactions that came before it; transaction n was committed in second n."""

    nth: int
    before: tuple[int, ...]
    server: str = SERVER

    @property
    def file(self) -> str:
        return f"binlog.{self.nth:06}"

    @property
    def numbers(self) -> tuple[int, int]:
        return len(self.before) + 1, len(self.before) + 2

    @property
    def times(self) -> list[int]:
        return [each * SECOND for each in self.numbers]

    @property
    def head(self) -> bytes:
        had = number(1) + UUID(self.server).bytes + number(1) + number(1) + number(len(self.before) + 1)
        return MAGIC + event(FORMAT, b"\1") + event(PREVIOUS, had if self.before else number(0))

    @property
    def event(self) -> int:
        """Bytes of a GTID."""
        return len(event(GTID, self._begin(1)))

    def _begin(self, each: int) -> bytes:
        whole = HEADER + 42 + 7 + 1 + 4 + len(event(XID, bytes(8)))
        return b"\0" + UUID(self.server).bytes + number(each) + bytes(17) + number(each * SECOND, 7) + bytes([whole])

    def transaction(self, each: int) -> bytes:
        return event(GTID, self._begin(each)) + event(XID, bytes(8))

    @property
    def places(self) -> list[int]:
        """Where the two begin."""
        return [len(self.head), len(self.head) + len(self.transaction(1))]

    @property
    def bytes(self) -> bytes:
        return self.head + b"".join(map(self.transaction, self.numbers))


def put(store: Store, key: bytes, log: Log, start: int = 0, end: int | None = None, turned: int | None = None) -> None:
    """A piece of it, with a bit turned before it was sealed."""
    content = bytearray(log.bytes)
    if turned is not None:
        content[turned] ^= 1
    piece = bytes(content[start:end])
    segment = Segment(log.server, log.file, start, start + len(piece), 7, "desk")
    store.put(segment.key, packed(BytesIO(piece), key, segment.key))


def shelved(*, taken: int, log: int, has: int, server: str = SERVER) -> Manifest:
    """A backup with so many transactions, made in that log; 0: in none."""
    return Manifest(
        id=f"b{taken}",
        sandbox="desk",
        backend="server",
        taken=taken,
        seconds=1,
        tradectl="1",
        schema={},
        settings={},
        pieces=[],
        gtid=f"{server}:1-{has}" if has else "",
        log=f"binlog.{log:06}" if log else "",
        server=server if log else "",
    )
