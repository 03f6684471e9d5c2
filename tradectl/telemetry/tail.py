"""What has come to log files since the last look, so much at most: a recorder that is late leaves out and goes on."""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tradectl.stack.logs import ROTATED, Line, logs_in

MOST = 512 * 1024
"""Bytes of a file and look; what is more is left out, the oldest first."""


class Tail:
    """The logs of one folder, those that are there at the beginning from their start."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self._folder = folder
        self._most = most
        self._places: dict[Path, int] = {}
        self.left_out = 0
        """Bytes."""

    def take(self) -> list[Line]:
        """Whole lines that came since, of all files; each file's in its order."""
        return [line for path in logs_in(self._folder) for line in parsed(self._fresh(path))]

    def _fresh(self, path: Path) -> bytes:
        place = self._places.get(path, 0)
        try:
            size = path.stat().st_size
        except FileNotFoundError:  # rotated away a moment ago; the next look finds both
            return b""
        before = b""
        if size < place:
            before = self._read(path.with_name(path.stem + ROTATED), place)[0]
            place = 0
        fresh, self._places[path] = self._read(path, place)
        return before + fresh

    def _read(self, path: Path, place: int) -> tuple[bytes, int]:
        """The whole lines from a place on, and the place after them."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return b"", place
        with file:
            late = os.fstat(file.fileno()).st_size - place - self._most
            if late > 0:
                self.left_out += late
                file.seek(place + late)
                file.readline()
                place = file.tell()
            file.seek(place)
            text = file.read(self._most)
        whole = text[: text.rfind(b"\n") + 1]
        return whole, place + len(whole)


def parsed(text: bytes) -> Iterator[Line]:
    """Each line that is a JSON object; one that a crash has cut is none."""
    for raw in text.splitlines():
        try:
            line = msgspec.json.decode(raw)
        except msgspec.DecodeError:
            continue
        if isinstance(line, dict):
            yield line
