"""One stream of progress: written by supervisor and host, read by `tradectl up`, rendered in tradectl/cli."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

Kind = Literal[
    "chosen",  # the backend, and why
    "bound",  # the ports are ours
    "imported",  # the libraries are there
    "pulling",  # an image, so many per cent of it are here
    "starting",
    "ready",
    "quote",  # the first price
    "up",  # everything is ready
    "crashed",  # a child failed and is started again
    "restarting",
    "ended",  # a child, as it was asked to
    "drained",  # nothing is under way any more
    "copied",
    "restored",
    "emptied",
    "stopping",
    "stopped",
    "failed",  # the end; text, hint and exit_code say why
]


class StackEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``time`` is wall time in microseconds; ``seconds`` what the thing took; ``after`` what it had to wait for."""

    kind: Kind
    part: str = ""
    after: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    """The conditions that were met last."""
    text: str = ""
    hint: str = ""
    exit_code: int = 0
    seconds: float | None = None
    percent: int | None = None
    time: int = 0


class EventLog:
    """A file of events, one JSON document a line; each is one append, so several processes may write."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, event: StackEvent) -> None:
        line = msgspec.json.encode(msgspec.structs.replace(event, time=time.time_ns() // 1_000)) + b"\n"
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line)
        finally:
            os.close(file)

    def end(self) -> int:
        """The place after the last event so far."""
        return self.path.stat().st_size if self.path.exists() else 0


class EventReader:
    """Reads what was written since it last looked."""

    def __init__(self, log: EventLog, start: int = 0) -> None:
        self._path = log.path
        self._place = start

    def take(self) -> Iterator[StackEvent]:
        """Whole lines only: the rest of one that is being written comes next time."""
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._place)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self._place += len(line)
                yield msgspec.json.decode(line, type=StackEvent)
