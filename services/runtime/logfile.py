"""Where log lines go: one file a part, written in batches, of bounded size."""

import asyncio
import atexit
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

FLUSH_AFTER = 0.1
"""Seconds that a line may wait, so that a follower sees it within 200 ms."""
ROTATE_AT = 16 * 1024 * 1024
"""Bytes; the file before is kept as NAME.1.jsonl."""
NOBODY = "process"
"""Who writes what is no part's, until the process has said who it is."""


class Sink:
    """The lines of one part. Inside an event loop they wait for company; outside each is written at once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._lines: list[bytes] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        """The loop that will flush."""
        self.counts = dict.fromkeys(("info", "warning", "error", "critical"), 0)
        """Lines by level."""

    def write(self, line: bytes) -> None:
        self._lines.append(line)
        if self._loop is not None and not self._loop.is_closed():
            return
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            self.flush()
        else:
            self._loop.call_later(FLUSH_AFTER, self.flush)

    def debug(self, line: bytes) -> None:
        """As `info`."""
        self.info(line)

    def info(self, line: bytes) -> None:
        """Until the process has said where lines go, only warnings and worse are shown, as by the standard library."""
        self.counts["info"] += 1
        if _configured:
            self.write(line)

    def warning(self, line: bytes) -> None:
        """What structlog calls at the end of its processors."""
        self.counts["warning"] += 1
        self.write(line)

    def error(self, line: bytes) -> None:
        self.counts["error"] += 1
        self.write(line)

    def critical(self, line: bytes) -> None:
        self.counts["critical"] += 1
        self.write(line)

    def flush(self) -> None:
        """Hand what waits to the operating system: it survives the process then, though not the machine."""
        self._loop = None
        if not self._lines:
            return
        if _show is not None:
            for line in self._lines:
                _show(line)
        batch, self._lines = b"\n".join([*self._lines, b""]), []
        if _also is not None:
            _also(batch)
        if _folder is None:
            sys.stderr.write(batch.decode())
            return
        append(_folder / f"{_names.get(self.name, self.name)}.jsonl", batch)


def append(path: Path, batch: bytes) -> None:
    """Write whole lines behind those of whichever process; a file that has grown too big is put away."""
    with path.open("ab", buffering=0) as file:
        file.write(batch)
        size = os.fstat(file.fileno()).st_size
    if size >= ROTATE_AT:
        path.replace(path.with_suffix(".1.jsonl"))


_sinks: dict[str, Sink] = {}
_folder: Path | None = None
_names: Mapping[str, str] = {}
_show: Callable[[bytes], None] | None = None
_also: Callable[[bytes], None] | None = None
_process = NOBODY
_configured = False


def configure(
    folder: Path | None,
    names: Mapping[str, str] | None = None,
    show: Callable[[bytes], None] | None = None,
    also: Callable[[bytes], None] | None = None,
    process: str = NOBODY,
) -> None:
    """Put every part's lines into files of this folder; none means stderr.

    ``names``: whose file has another name; ``show`` is also given each line, ``also`` each batch of whole lines;
    ``process``: whose lines are those of what the parts of this process share.
    """
    global _folder, _configured, _names, _show, _also, _process
    flush()
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    _folder, _configured, _names, _show, _also, _process = folder, True, names or {}, show, also, process


def forget() -> None:
    """Write what waits and be as before `configure`: between two tests of one process."""
    global _folder, _configured, _names, _show, _also, _process
    flush()
    _folder, _configured, _names, _show, _also, _process = None, False, {}, None, None, NOBODY


def sink_of(name: str) -> Sink:
    """The one sink of a part in this process."""
    if name not in _sinks:
        _sinks[name] = Sink(name)
    return _sinks[name]


def process() -> str:
    """Who this process is."""
    return _process


def flush() -> None:
    """Write what waits of every part: at the end of the process, and before it is ended on purpose."""
    for sink in _sinks.values():
        sink.flush()


atexit.register(flush)
