"""Binary logs into the store as they are written: a process that stays, and sends what is new every few seconds.

mysqlbinlog follows the primary in a container of the database's image; what has arrived there whole is sealed and put.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tradectl.backup import binlog, logs
from tradectl.backup.laying import DAY
from tradectl.backup.logs import Segment
from tradectl.backup.packing import Flowing, packed
from tradectl.backup.programs import LOGIN, Programs, programs
from tradectl.backup.store import Store
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.state import Sandbox

FOLDER = "/tmp/logs"  # noqa: S108 (of a container that nobody else is in)
NUMBER = 4711
"""By which the primary knows this follower."""
NAME = re.compile(r"^(\d+) (\S+\.\d+)$")
MOST = 16 << 20
"""Bytes of one segment."""
ENDED = f"{FOLDER}/ended"


@dataclass
class Shipper:
    """``shipped``: the moment up to which all of the primary's transactions are in the store (wall, microseconds)."""

    sandbox: str
    store: Store
    key: bytes
    run: Programs
    keep: int | None = None
    server: str = ""
    reached: dict[str, int] = field(default_factory=dict)
    shipped: int = 0
    bytes: int = 0

    def begin(self) -> None:
        """Go on where the store's logs of this server end; of a new one from its first log."""
        self.server = self.run.answer("SELECT @@server_uuid")
        for segment in logs.every(self.store, self.sandbox, self.server):
            self.reached[segment.file] = max(segment.end, self.reached.get(segment.file, 0))
        known = [line.split("\t")[0] for line in self.run.answer("SHOW BINARY LOGS").splitlines()]
        first = max(self.reached, default=known[0])
        if first not in known:
            hint = "`tradectl backup create` makes a full backup, from which the log can be followed again"
            raise TradectlError(f"the primary has no log {first} any more", hint, ExitCode.CONFLICT)
        self.run.begin(
            f"mkdir -p {FOLDER}; mysqlbinlog --defaults-extra-file={LOGIN} --read-from-remote-server --raw --stop-never"
            f" --connection-server-id={NUMBER} --result-file={FOLDER}/ {first} 2> {FOLDER}/said; echo $? > {ENDED}"
        )

    def look(self) -> int:
        """Put what is new; how many bytes of the log that was. NOT_UP when the primary is gone."""
        moment = time.time_ns() // 1_000
        ended = self.run.answer_of(f"cat {ENDED} 2>/dev/null || true").strip()
        sent = sum(self._send(name, size) for name, size in self._sizes())
        if ended:
            said = " ".join(self.run.answer_of(f"tail -c 300 {FOLDER}/said").split())
            hint = "`tradectl ps` says how it is; what was shipped is in the store"
            raise TradectlError(f"the primary's log cannot be followed: {said}", hint, ExitCode.NOT_UP)
        self.shipped = moment
        self.bytes += sent
        return sent

    def _sizes(self) -> Iterator[tuple[str, int]]:
        listed = self.run.answer_of(f"cd {FOLDER} && stat -c '%s %n' *.[0-9]* 2>/dev/null || true")
        for line in listed.splitlines():
            if found := NAME.match(line):
                yield found[2], int(found[1])

    def _send(self, name: str, size: int) -> int:
        """What of a log is whole and not yet there; how many bytes that were."""
        began = start = self.reached.get(name, 0)
        while start < size:
            piece = self.run.read(f"{FOLDER}/{name}", start, MOST)
            length = binlog.whole(piece, start)
            if not length:
                break
            segment = Segment(self.server, name, start, start + length, time.time_ns() // 1_000, self.sandbox)
            until = None if self.keep is None else int(time.time()) + self.keep * DAY
            self.store.put(segment.key, packed(Flowing([piece[:length]]), self.key, segment.key), until)
            start = self.reached[name] = segment.end
        return start - began


@contextmanager
def shipper(sandbox: Sandbox, store: Store, key: bytes, keep: int | None = None) -> Iterator[Shipper]:
    """One that has begun."""
    with programs(sandbox, name="shipper") as run:
        found = Shipper(sandbox.name, store, key, run, keep)
        found.begin()
        yield found


def ship(follow: Shipper, every: float, told: Callable[[Shipper, int], None], ended: Callable[[], bool]) -> None:
    """For life, or until ``ended``: look every so many seconds."""
    while True:
        told(follow, follow.look())
        if ended():
            return
        time.sleep(every)
