"""The log lines of all parts, merged by time and filtered."""

import heapq
import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.contracts.times import from_rfc3339, rfc3339
from tradectl.errors import ExitCode, TradectlError

Line = Mapping[str, Any]
LEVELS = ("debug", "info", "warning", "error", "critical")
AGO = re.compile(r"(\d+)([smhd])")
SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
ROTATED = ".1.jsonl"
OUT_OF_ORDER = 100
"""Lines by which one may stand too late in its file."""


@dataclass(frozen=True)
class Filter:
    """Which lines to show: ``fields`` must have these values, ``level`` is the least, ``since`` RFC 3339."""

    fields: Mapping[str, str] = field(default_factory=dict)
    level: str = "debug"
    since: str = ""

    def admits(self, line: Line) -> bool:
        if any(str(line.get(name)) != value for name, value in self.fields.items()):
            return False
        if LEVELS.index(self.level) > _severity(line):
            return False
        return str(line.get("time", "")) >= self.since


def _severity(line: Line) -> int:
    level = str(line.get("level", "info"))
    return LEVELS.index(level) if level in LEVELS else LEVELS.index("info")


def logs_in(folder: Path) -> list[Path]:
    """The parts' logs, each with what was rotated away of it, as ``merged`` reads them."""
    return [each for each in sorted(folder.glob("*.jsonl")) if not each.name.endswith(ROTATED)]


def merged(paths: Sequence[Path], wanted: Filter) -> Iterator[Line]:
    """The lines so far, of all files in the order of time."""
    lines = heapq.merge(*(_by_time(_whole_file(path)) for path in paths), key=_time)
    return (line for line in lines if wanted.admits(line))


def follow(paths: Sequence[Path], wanted: Filter, every: float = 0.2) -> Iterator[Line]:
    """The lines so far, then those to come, until the caller stops."""
    places = {path: path.stat().st_size if path.exists() else 0 for path in paths}
    yield from merged(paths, wanted)
    while True:
        fresh = sorted((line for path in paths for line in _since_last_look(path, places)), key=_time)
        yield from (line for line in fresh if wanted.admits(line))
        time.sleep(every)


def _by_time(lines: Iterator[Line]) -> Iterator[Line]:
    """One file's lines, which are nearly in order: a thread writes a little after it has told the time."""
    held: list[tuple[str, int, Line]] = []
    for number, line in enumerate(lines):
        heapq.heappush(held, (_time(line), number, line))
        if len(held) > OUT_OF_ORDER:
            yield heapq.heappop(held)[2]
    while held:
        yield heapq.heappop(held)[2]


def _time(line: Line) -> str:
    return str(line.get("time", ""))


def _whole_file(path: Path) -> Iterator[Line]:
    for part in (path.with_name(path.stem + ROTATED), path):
        if part.exists():
            with part.open("rb") as file:
                yield from _parsed(file)


def _since_last_look(path: Path, places: dict[Path, int]) -> list[Line]:
    if not path.exists():
        return []
    if path.stat().st_size < places.get(path, 0):  # rotated
        places[path] = 0
    with path.open("rb") as file:
        file.seek(places.get(path, 0))
        whole = [line for line in file if line.endswith(b"\n")]
    places[path] = places.get(path, 0) + sum(map(len, whole))
    return list(_parsed(whole))


def _parsed(lines: Any) -> Iterator[Line]:
    """A line that is being written, or was cut by a crash, is no line yet."""
    for raw in lines:
        try:
            line = json.loads(raw)
        except ValueError:
            continue
        if isinstance(line, dict):
            yield line


def moment_since(text: str) -> str:
    """`10m`, `30s`, `2h`, `1d` before now, or a time, as RFC 3339."""
    if ago := AGO.fullmatch(text):
        return rfc3339(time.time_ns() // 1_000 - int(ago[1]) * SECONDS[ago[2]] * 1_000_000)
    try:
        return rfc3339(from_rfc3339(text))
    except ValueError:
        raise TradectlError(f"--since {text} is no time", "10m, 2h, or 2024-08-08T07:10:00Z", ExitCode.USAGE) from None
