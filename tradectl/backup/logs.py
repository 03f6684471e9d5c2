"""Binary logs in a store: pieces of the files of one server, by its UUID, each with where it begins and ends."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tradectl.backup.failures import damaged
from tradectl.backup.store import Store

LOGS = "logs"
KEY = re.compile(
    r"logs/(?P<sandbox>[^/]+)/(?P<server>[^/]+)/(?P<file>[^/]+)/(?P<start>\d+)-(?P<end>\d+)-(?P<shipped>\d+)"
)


@dataclass(frozen=True, order=True)
class Segment:
    """Bytes ``start`` to ``end`` of a log; ``shipped`` is when all of it was here (wall, microseconds)."""

    server: str
    file: str
    start: int
    end: int
    shipped: int
    sandbox: str

    @property
    def key(self) -> str:
        return f"{place(self.sandbox, self.server)}{self.file}/{self.start:012}-{self.end:012}-{self.shipped}"

    @classmethod
    def of(cls, key: str) -> "Segment | None":
        found = KEY.fullmatch(key)
        if found is None:
            return None
        start, end, shipped = (int(found[name]) for name in ("start", "end", "shipped"))
        return cls(found["server"], found["file"], start, end, shipped, found["sandbox"])


def place(sandbox: str, server: str = "") -> str:
    return f"{LOGS}/{sandbox}/{server}/" if server else f"{LOGS}/{sandbox}/"


def every(store: Store, sandbox: str, server: str) -> list[Segment]:
    """Of a server, in their order."""
    found = (Segment.of(stored.key) for stored in store.list(place(sandbox, server)))
    return sorted(segment for segment in found if segment is not None)


def superfluous(store: Store, sandbox: str, moment: int, needed: Mapping[str, str]) -> Iterator[str]:
    """Keys of what was shipped before a moment and belongs to no log from those on that are needed, by their server."""
    for stored in store.list(place(sandbox)):
        segment = Segment.of(stored.key)
        if segment is None or segment.shipped >= moment:
            continue
        if segment.server not in needed or segment.file < needed[segment.server]:
            yield stored.key


def chain(segments: Iterable[Segment], first: str) -> Iterator[Segment]:
    """From a log on, what makes up the files, in order; TradectlError when it comes to a piece that is missing."""
    name, reached = "", 0
    for segment in sorted(segments):
        if segment.file < first:
            continue
        if segment.file != name:
            wanted = _following(name) if name else first
            if segment.file != wanted:
                raise damaged(f"the log {wanted}", "it was never shipped")
            name, reached = wanted, 0
        if segment.start > reached:
            raise damaged(f"the log {name}", f"bytes {reached} to {segment.start} were never shipped")
        if segment.end > reached:
            yield segment
            reached = segment.end


def _following(name: str) -> str:
    """Logs are numbered without a hole."""
    stem, _, number = name.rpartition(".")
    return f"{stem}.{int(number) + 1:0{len(number)}}"
