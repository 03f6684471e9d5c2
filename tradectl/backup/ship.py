"""Binary logs into the store as they are written: a process that stays, and sends what is new every few seconds.

mysqlbinlog follows the primary where the database's programs run; what has arrived there whole is sealed and put.
"""

import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial

from tradectl.backup import binlog, catalogue, logs
from tradectl.backup.laying import DAY
from tradectl.backup.logs import Segment
from tradectl.backup.packing import Flowing, packed
from tradectl.backup.programs import Login, Programs, at
from tradectl.backup.reading import opened
from tradectl.backup.store import Store
from tradectl.errors import ExitCode, TradectlError

ROLE = "shipper"
NUMBERS = range(1 << 20, 1 << 31)
"""By one of these the primary knows a follower; it sends away the one before that has the same."""
NAME = re.compile(r"^(\d+) (\S+\.\d+)$")
HEAD = 1 << 10
"""Bytes of a log that tell it from another: its first events, and a transaction if it has one."""
MOST = 16 << 20
"""Bytes of one segment, unless one event has more."""


@dataclass(frozen=True)
class Source:
    """Whose logs: the name by which they lie in a store, and what reaches their server."""

    name: str
    reach: Callable[[], AbstractContextManager[Programs]]


def of_server(login: Login, name: str) -> Source:
    return Source(name, partial(at, login, name=ROLE))


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
    _begun: list[Segment] = field(default_factory=list)
    """What the store has of the begin of the log that is gone on with, until that is seen to be the same."""

    def begin(self) -> None:
        """Go on where the store's logs of this server end; of a new one from its first log."""
        self.server = self.run.answer("SELECT @@server_uuid")
        shipped = logs.every(self.store, self.sandbox, self.server)
        for segment in shipped:
            self.reached[segment.file] = max(segment.end, self.reached.get(segment.file, 0))
        first = self._first([line.split("\t")[0] for line in self.run.answer("SHOW BINARY LOGS").splitlines()])
        self._begun = [segment for segment in shipped if (segment.file, segment.start) == (first, 0)]
        number = secrets.choice(NUMBERS)
        self.run.begin(
            f"mkdir -p {self._logs}; mysqlbinlog --defaults-extra-file={self.run.login} --read-from-remote-server --raw"
            f" --stop-never --connection-server-id={number} --result-file={self._logs}/ {first} 2> {self._logs}/said;"
            f" echo $? > {self._logs}/ended"
        )

    def _first(self, known: Sequence[str]) -> str:
        """The log to go on with; where the primary has forgotten it, that of the last full backup which it knows."""
        first = max(self.reached, default=known[0])
        if first in known:
            return first
        backups = (each.manifest for each in catalogue.every(self.store, self.sandbox))
        if later := [made.log for made in backups if made.server == self.server and made.log in known]:
            return later[-1]
        hint = "`tradectl backup create` makes a full backup, from which the log can be followed again"
        raise TradectlError(f"the primary has no log {first} any more", hint, ExitCode.CONFLICT)

    def _check_same(self) -> None:
        """That the log which is gone on with is the one of which the store has the begin."""
        for segment in self._begun:
            there = self.run.read(f"{self._logs}/{segment.file}", 0, HEAD)
            begin = opened(self.store, self.key, segment)[:HEAD]
            if not binlog.same(there, begin):
                said = f"the primary's log {segment.file} is another than the one that was shipped"
                hint = "name another store, or remove what was shipped of it: then `tradectl backup create`"
                raise TradectlError(said, hint, ExitCode.CONFLICT)
            if len(there) < len(begin):
                return
        self._begun = []

    @property
    def _logs(self) -> str:
        return f"{self.run.folder}/logs"

    def look(self) -> int:
        """Put what is new; how many bytes of the log that was. NOT_UP when the primary is gone."""
        moment = time.time_ns() // 1_000
        ended = self.run.answer_of(f"cat {self._logs}/ended 2>/dev/null || true").strip()
        sizes = dict(self._sizes())
        if self._begun and sizes:
            self._check_same()
        sent = sum(self._send(name, size) for name, size in sizes.items())
        self._forget([name for name, size in sizes.items() if self.reached.get(name) == size and name != max(sizes)])
        if ended:
            said = " ".join(self.run.answer_of(f"tail -c 300 {self._logs}/said").split())
            hint = "`tradectl ps` says how it is; what was shipped is in the store"
            raise TradectlError(f"the primary's log cannot be followed: {said}", hint, ExitCode.NOT_UP)
        self.shipped = moment
        self.bytes += sent
        return sent

    def _sizes(self) -> Iterator[tuple[str, int]]:
        listed = self.run.answer_of(f"cd {self._logs} && stat -c '%s %n' *.[0-9]* 2>/dev/null || true")
        for line in listed.splitlines():
            if found := NAME.match(line):
                yield found[2], int(found[1])

    def _forget(self, names: Sequence[str]) -> None:
        """What is whole in the store and has a successor grows no more, and would fill this disk."""
        if names:
            self.run.answer_of(f"cd {self._logs} && rm -f {' '.join(names)}")

    def _send(self, name: str, size: int) -> int:
        """What of a log is whole and not yet there; how many bytes that were."""
        began = start = self.reached.get(name, 0)
        while start < size:
            piece, length = _piece(self.run, f"{self._logs}/{name}", start)
            if not length:
                break
            segment = Segment(self.server, name, start, start + length, time.time_ns() // 1_000, self.sandbox)
            until = None if self.keep is None else int(time.time()) + self.keep * DAY
            self.store.put(segment.key, packed(Flowing([piece[:length]]), self.key, segment.key), until)
            start = self.reached[name] = segment.end
        return start - began


def _piece(run: Programs, path: str, start: int) -> tuple[bytes, int]:
    """Bytes of a log, and how many of them are whole events: none of one that is still arriving."""
    most = MOST
    while True:
        piece = run.read(path, start, most)
        length = binlog.whole(piece, start)
        if length or len(piece) < most:
            return piece, length
        most *= 2  # an event is as large as its row


@contextmanager
def shipper(source: Source, store: Store, key: bytes, keep: int | None = None) -> Iterator[Shipper]:
    """One that has begun."""
    with source.reach() as run:
        found = Shipper(source.name, store, key, run, keep)
        found.begin()
        yield found


def ship(follow: Shipper, every: float, told: Callable[[Shipper, int], None], ended: Callable[[], bool]) -> None:
    """For life, or until ``ended``: look every so many seconds."""
    while True:
        told(follow, follow.look())
        if ended():
            return
        time.sleep(every)
