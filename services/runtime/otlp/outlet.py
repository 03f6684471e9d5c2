"""A process beside a part's, to which its log lines go by a pipe and from there to OTLP endpoints.

Where a supervisor runs, its recorder exports and this is not needed. The part pays a write for each batch of lines,
never a wait: what the pipe has no room for is dropped and counted.
"""

import atexit
import fcntl
import mmap
import os
import select
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, NoReturn

import msgspec

from services.runtime.otlp.exporter import Exporter

ROOM = 1024 * 1024
"""Bytes of the pipe."""
LOOK = 0.5
"""Seconds between two tries to send what waits."""
LAST_WORDS = 2.0
"""Seconds to send what waits when the part ends."""
CHUNK = 65_536
SIGNALS = ("spans", "logs")
VALUES = ("sent", "dropped", "waiting")
WORD = 8
"""Bytes of a number that both processes see."""


class Numbers:
    """What became of lines, by signal; written by one process, read by the other."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, len(SIGNALS) * len(VALUES) * WORD)

    def put(self, exporter: Exporter) -> None:
        """As it is now."""
        for channel in exporter.channels:
            values = (channel.sent, channel.dropped, len(channel.waiting))
            for number, value in enumerate(values):
                at = (SIGNALS.index(channel.signal) * len(VALUES) + number) * WORD
                self._memory[at : at + WORD] = value.to_bytes(WORD, "little")

    def of(self, value: str) -> dict[tuple[str, ...], float]:
        """One of the values, by signal."""
        place = VALUES.index(value)
        starts = {signal: (number * len(VALUES) + place) * WORD for number, signal in enumerate(SIGNALS)}
        return {(signal,): int.from_bytes(self._memory[at : at + WORD], "little") for signal, at in starts.items()}


class Outlet:
    """The part's end of the pipe."""

    def __init__(self, writing: int, pid: int, numbers: Numbers) -> None:
        self.numbers = numbers
        self.dropped = 0
        """Lines that the pipe had no room for."""
        self._writing = writing
        self._pid = pid
        self._rest = b""

    def __call__(self, lines: bytes) -> None:
        """Whole lines; they are all taken, or dropped and counted."""
        if self._rest:
            self._rest = self._written(self._rest)
        if self._rest:
            self.dropped += lines.count(b"\n")
            return
        self._rest = self._written(lines)
        if self._rest == lines:
            self._rest = b""
            self.dropped += lines.count(b"\n")

    def close(self) -> None:
        """Let the other process send what it has, for as long as it may."""
        os.close(self._writing)
        deadline = time.monotonic() + LAST_WORDS + LOOK
        with suppress(ChildProcessError):
            while os.waitpid(self._pid, os.WNOHANG)[0] == 0 and time.monotonic() < deadline:
                time.sleep(0.01)

    def _written(self, lines: bytes) -> bytes:
        try:
            return lines[os.write(self._writing, lines) :]
        except OSError:
            return lines


_current: list[Outlet] = []


def current() -> Outlet | None:
    """This process's, where it has one."""
    return _current[0] if _current else None


def begin(environment: Mapping[str, str]) -> Outlet | None:
    """Fork the process where the environment names an endpoint; to be called before any thread or loop is there."""
    exporter = Exporter(environment)
    if not exporter:
        return None
    reading, writing = os.pipe()
    with suppress(OSError):
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, ROOM)
    numbers = Numbers()
    pid = os.fork()
    if pid == 0:
        os.close(writing)
        _live(reading, exporter, numbers)
    os.close(reading)
    os.set_blocking(writing, False)
    outlet = Outlet(writing, pid, numbers)
    _current[:] = [outlet]
    atexit.register(outlet.close)
    return outlet


def _live(reading: int, exporter: Exporter, numbers: Numbers) -> NoReturn:
    """The other process: until the part closes its end, whatever signals come."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    try:
        os.nice(19)
        for lines in _taken(reading):
            exporter.take(lines)
            numbers.put(exporter)
        deadline = time.monotonic() + LAST_WORDS
        while any(channel.waiting for channel in exporter.channels) and time.monotonic() < deadline:
            exporter.take([])
            time.sleep(0.1)
    finally:
        os._exit(0)


def _taken(reading: int) -> Iterator[list[Any]]:
    """Lines as they come, and none now and then."""
    rest = b""
    while True:
        if not select.select([reading], [], [], LOOK)[0]:
            yield []
            continue
        chunk = os.read(reading, CHUNK)
        if not chunk:
            return
        *whole, rest = (rest + chunk).split(b"\n")
        yield [line for line in map(_parsed, whole) if isinstance(line, dict)]


def _parsed(line: bytes) -> Any:
    try:
        return msgspec.json.decode(line)
    except msgspec.DecodeError:
        return None
