"""Where log lines go: one file a part, written in batches, of bounded size."""

import asyncio
import atexit
import os
import sys
from pathlib import Path

FLUSH_AFTER = 0.1
"""Seconds that a line may wait, so that a follower sees it within 200 ms."""
ROTATE_AT = 16 * 1024 * 1024
"""Bytes; the file before is kept as NAME.1.jsonl."""


class Sink:
    """The lines of one part. Inside an event loop they wait for company; outside each is written at once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.path: Path | None = None
        self._lines: list[bytes] = []
        self._flush_due: asyncio.TimerHandle | None = None

    def write(self, line: bytes) -> None:
        self._lines.append(line)
        if self._flush_due is not None:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.flush()
        else:
            self._flush_due = loop.call_later(FLUSH_AFTER, self.flush)

    debug = info = warning = error = critical = write
    """What structlog calls at the end of its processors."""

    def flush(self) -> None:
        """Hand what waits to the operating system: it survives the process then, though not the machine."""
        if self._flush_due is not None:
            self._flush_due.cancel()
            self._flush_due = None
        if not self._lines:
            return
        batch, self._lines = b"\n".join([*self._lines, b""]), []
        if self.path is None:
            sys.stderr.write(batch.decode())
            return
        self._append(self.path, batch)

    def _append(self, path: Path, batch: bytes) -> None:
        with path.open("ab", buffering=0) as file:
            file.write(batch)
            size = os.fstat(file.fileno()).st_size
        if size >= ROTATE_AT:
            path.replace(path.with_suffix(".1.jsonl"))


_sinks: dict[str, Sink] = {}
_folder: Path | None = None


def configure(folder: Path | None) -> None:
    """Put every part's lines into files of this folder; none means stderr."""
    global _folder  # noqa: PLW0603 (one folder a process)
    flush()
    _folder = folder
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    for sink in _sinks.values():
        sink.path = _path(sink.name)


def sink_of(name: str) -> Sink:
    """The one sink of a part in this process."""
    if name not in _sinks:
        _sinks[name] = Sink(name)
        _sinks[name].path = _path(name)
    return _sinks[name]


def flush() -> None:
    """Write what waits of every part: at the end of the process, and before it is ended on purpose."""
    for sink in _sinks.values():
        sink.flush()


def _path(name: str) -> Path | None:
    return _folder / f"{name}.jsonl" if _folder is not None else None


atexit.register(flush)
