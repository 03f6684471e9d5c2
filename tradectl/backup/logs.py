"""Binary logs in a store: pieces of the files of one server, by its UUID, each with where it begins and ends."""

import re
from collections.abc import Iterator
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


def before(store: Store, sandbox: str, moment: int) -> Iterator[str]:
    """Keys of what was shipped before a moment: it lies in every backup since."""
    for stored in store.list(place(sandbox)):
        segment = Segment.of(stored.key)
        if segment is not None and segment.shipped < moment:
            yield stored.key


def chain(segments: list[Segment], first: str) -> dict[str, list[Segment]]:
    """From a log on, what makes up each file; TradectlError when a piece between two others is missing."""
    files: dict[str, list[Segment]] = {}
    for segment in segments:
        if segment.file < first:
            continue
        own = files.setdefault(segment.file, [])
        reached = own[-1].end if own else 0
        if segment.start > reached:
            raise damaged(f"the log {segment.file}", f"bytes {reached} to {segment.start} were never shipped")
        if segment.end > reached:
            own.append(segment)
    check_numbers(list(files), first)
    return files


def check_numbers(names: list[str], first: str) -> None:
    """Logs are numbered without a hole."""
    stem, _, number = first.rpartition(".")
    for offset, name in enumerate(names):
        wanted = f"{stem}.{int(number) + offset:0{len(number)}}"
        if name != wanted:
            raise damaged(f"the log {wanted}", "it was never shipped")
